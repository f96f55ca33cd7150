import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { audit } from "../../../src/analysis/index.ts";
import { openSeries } from "../../../src/checkpoint/files/index.ts";
import { bytesSource, seriesOf } from "../../../src/checkpoint/index.ts";
import type { BilinearLayer } from "../../../src/model/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { powerLawSchedule } from "../../../src/training/index.ts";
import { between, fileOf, found, run } from "../../support/audited-run.ts";

test("a sound run has no findings, whatever the files are called", async () => {
  expect(await found(run())).toEqual([]);
  const unnamed = Object.values(run()).map((bytes, i) => [`${"abcdefghij"[i]}.safetensors`, bytes]);
  expect(await found(Object.fromEntries(unnamed))).toEqual([]);
});

test("the shipped run has none, and its schedule is told", async () => {
  const folder = join(fileURLToPath(import.meta.url), "../../../../workbooks/data/grokking");
  expect(await audit(await openSeries(folder))).toEqual({
    findings: [],
    checkpoints: 90,
    schedule: "100 steps that grow with the power 5",
  });
});

test("what is done to the shipped run is found, and nothing else", async () => {
  const folder = join(fileURLToPath(import.meta.url), "../../../../workbooks/data/grokking");
  const series = await openSeries(folder);
  // Two exchanged, one that holds a later network, one left out; the files say their steps.
  const order = Array.from({ length: 90 }, (_, i) => i);
  [order[60], order[61]] = [61, 60];
  order[30] = 85;
  order.splice(75, 1);
  const { findings } = await audit({
    length: 89,
    steps: series.steps!.filter((_, i) => i !== 75),
    labels: series.labels.filter((_, i) => i !== 75),
    describe: () => series.describe(),
    checkpoint: (index) => series.checkpoint(order[index]!),
    network: (index) => series.network(order[index]!),
  });
  expect(findings.map(({ kind, checkpoints }) => [kind, checkpoints])).toEqual([
    ["missing", []],
    ["duplicate", [30, 84]],
    ["label", [30]],
    ["break", [30]],
    ["label", [60]],
    ["break", [60, 61]],
    ["label", [61]],
  ]);
  expect(findings[0]!.message).toBe(
    `1 step is missing of a schedule of 100 steps that grow with the power 5: ${powerLawSchedule(100_000)[75]}`,
  );
});

test("duplicates, by what they hold", async () => {
  const copy = fileOf(between(1, 4 / 24), { note: "other text" });
  expect(await found(run({ 8: copy }), { breaks: false })).toEqual([
    {
      kind: "duplicate",
      checkpoints: [4, 8],
      message: "step_400 and step_800 hold the same numbers",
    },
  ]);
});

test("missing steps, all in one finding", async () => {
  expect(await found(run({ 3: undefined, 6: undefined }))).toEqual([
    {
      kind: "missing",
      checkpoints: [],
      message: "2 steps are missing of a schedule of every 100 steps: 300, 600",
    },
  ]);
  const [asked] = await found(run(), { schedule: [0, 50, 100] });
  expect(asked!.message).toBe("1 step is missing of a schedule of 3 steps: 50");
});

test("numbers that are none, and networks after them are still looked at", async () => {
  const network = between(1, 5 / 24);
  (network.layers[0] as BilinearLayer).right.data.set([Number.NaN, 1, Number.POSITIVE_INFINITY]);
  expect(await found(run({ 5: fileOf(network) }))).toEqual([
    {
      kind: "not finite",
      checkpoints: [5],
      message: '2 numbers are not finite in step_500, the first NaN in "right"',
    },
  ]);
});

test("weights that diverged", async () => {
  const network = between(1, 9 / 24);
  const layer = network.layers[0] as BilinearLayer;
  const huge = {
    ...layer,
    down: matrix(
      3,
      3,
      layer.down.data.map((entry) => entry * 1e6),
    ),
  };
  const [finding, ...others] = await found(run({ 9: fileOf({ layers: [huge] }) }));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ kind: "diverged", checkpoints: [9] });
  expect(finding!.message).toMatch(/^The weights of step_900 have norm .* times the usual /);
});

test("labels that contradict contents, or each other", async () => {
  const wrong = fileOf(between(1, 2 / 24), { step: "700" });
  const right = fileOf(between(1, 3 / 24), { step: "300" });
  const files = {
    ...run({ 2: wrong, 3: right }),
    "step_0400.safetensors": fileOf(between(1, 0.17)),
  };
  expect(await found(files, { breaks: false })).toEqual([
    {
      kind: "label",
      checkpoints: [2],
      message: "step_200 is of step 200 by its name and of step 700 by its contents",
    },
    {
      kind: "label",
      checkpoints: [4, 5],
      message: "step_0400 and step_400 are all of step 400 by their names",
    },
  ]);
});

test("files that cannot be read", async () => {
  const files = run();
  files["step_250.safetensors"] = new Uint8Array(40);
  const bad = await found(files);
  expect(bad.map(({ kind, checkpoints }) => [kind, checkpoints])).toEqual([["unreadable", []]]);
  expect(bad[0]!.message).toMatch(/^step_250\.safetensors cannot be used: /);
});

test("a file that breaks after it was listed hides no other", async () => {
  const files = run();
  let opened = 0;
  const entries = Object.entries(files).map(([name, bytes]) => ({
    name,
    size: bytes.length,
    open: async () => {
      if (name === "step_300.safetensors" && ++opened > 1) throw new Error("the disk is gone");
      return bytesSource(bytes, name);
    },
  }));
  const { findings, checkpoints } = await audit(await seriesOf(entries));
  expect(findings).toEqual([
    {
      kind: "unreadable",
      checkpoints: [3],
      message: "step_300 cannot be used: the disk is gone",
    },
  ]);
  expect(checkpoints).toBe(9);
});

test("progress is told, and an abort heard", async () => {
  const told: number[] = [];
  await found(run(), { progress: (done, total) => told.push(done / total) });
  expect(told).toEqual(Array.from({ length: 11 }, (_, i) => i / 10));
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(found(run(), { signal })).rejects.toThrow("enough");
});
