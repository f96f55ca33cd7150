import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { scheduleOf } from "../../../src/analysis/audit/schedule.ts";
import { type AuditOptions, audit, type Finding } from "../../../src/analysis/index.ts";
import { openSeries } from "../../../src/checkpoint/files/index.ts";
import {
  bytesSource,
  seriesOf,
  storedOf,
  writeSafetensors,
} from "../../../src/checkpoint/index.ts";
import { type BilinearLayer, type Network, randomBilinear } from "../../../src/model/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { powerLawSchedule } from "../../../src/training/index.ts";

vi.setConfig({ testTimeout: 30_000 });

/** The network a quarter turn of weights would bring from one to another, at `time` from 0 to 1. */
function between(seed: number, time: number, dHidden = 3): Network {
  const [from, to] = [seed, seed + 1000].map(
    (one) => randomBilinear({ dIn: 4, dHidden, dOut: 3, seed: one }).layers[0] as BilinearLayer,
  );
  const mixed = (name: "left" | "right" | "down") =>
    matrix(
      ...from![name].shape,
      from![name].data.map((entry, at) => entry + time * (to![name].data[at]! - entry)),
    );
  return {
    layers: [{ kind: "bilinear", left: mixed("left"), right: mixed("right"), down: mixed("down") }],
  };
}

function fileOf(network: Network, metadata: Record<string, string> = {}): Uint8Array {
  const { left, right, down } = network.layers[0] as BilinearLayer;
  const tensors = Object.entries({ left, right, down });
  return writeSafetensors(
    new Map(tensors.map(([name, tensor]) => [name, storedOf(tensor, "F64")])),
    metadata,
  );
}

/** A run of 10 checkpoints, every 100 steps, that moves smoothly; `changed` replaces files. */
function run(changed: Record<number, Uint8Array | undefined> = {}): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 10; i++) {
    const bytes = i in changed ? changed[i] : fileOf(between(1, i / 24));
    if (bytes) files[`step_${100 * i}.safetensors`] = bytes;
  }
  return files;
}

async function found(
  files: Record<string, Uint8Array>,
  options: AuditOptions = {},
): Promise<Finding[]> {
  const entries = Object.entries(files).map(([name, bytes]) => ({
    name,
    size: bytes.length,
    open: async () => bytesSource(bytes, name),
  }));
  return [...(await audit(await seriesOf(entries), options)).findings];
}

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

describe("breaks in similarity", () => {
  const kinds = (findings: readonly Finding[]) =>
    findings.map(({ kind, checkpoints }) => [kind, checkpoints]);

  test.for([1, 5, 8])("a network of another run in place of checkpoint %d", async (at) => {
    const findings = await found(run({ [at]: fileOf(between(7, at / 24)) }));
    expect(kinds(findings)).toEqual([["break", [at]]]);
    expect(findings[0]!.message).toContain(
      `step_${100 * at} does not belong between step_${100 * (at - 1)} and step_${100 * (at + 1)}: it is `,
    );
  });

  test.for([1, 4, 7])("checkpoints %d and the next exchanged", async (at) => {
    const [first, second] = [at, at + 1].map((i) => fileOf(between(1, i / 24)));
    const findings = await found(run({ [at]: second, [at + 1]: first }));
    expect(kinds(findings)).toEqual([["break", [at, at + 1]]]);
    expect(findings[0]!.message).toBe(
      `step_${100 * at} and step_${100 * (at + 1)} seem to be in the wrong order`,
    );
  });

  test.for([2, 5, 7, 9])("another run from checkpoint %d on", async (from) => {
    const other = Array.from({ length: 10 }, (_, i) => [i, fileOf(between(7, i / 24))] as const);
    const findings = await found(run(Object.fromEntries(other.slice(from))));
    expect(kinds(findings)).toEqual([["break", [from - 1, from]]]);
    expect(findings[0]!.message).toMatch(/ it may be another run$/);
  });

  test("a network of another shape", async () => {
    const findings = await found(
      run({ 4: fileOf(randomBilinear({ dIn: 5, dHidden: 3, dOut: 3 })) }),
    );
    expect(kinds(findings)).toEqual([
      ["break", [4]],
      ["break", [5]],
    ]);
    expect(findings[0]!.message).toContain("step_400 cannot be compared with step_300: ");
  });

  test("a network that only rests in noise has none", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), async (seed) => {
        const noise = Array.from({ length: 10 }, (_, i) => {
          const mixed = between(1, 0).layers[0] as BilinearLayer;
          const other = randomBilinear({ dIn: 4, dHidden: 3, dOut: 3, seed: seed + i });
          const { left } = other.layers[0] as BilinearLayer;
          const moved = mixed.left.data.map((entry, at) => entry + 0.01 * left.data[at]!);
          return [i, fileOf({ layers: [{ ...mixed, left: matrix(3, 4, moved) }] })] as const;
        });
        const findings = await found(run(Object.fromEntries(noise)));
        // A single step of noise may be short by chance; none looks like a jump.
        expect(findings.filter(({ message }) => message.endsWith("another run"))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  test("are not looked for when not asked for", async () => {
    expect(await found(run({ 5: fileOf(between(7, 0.2)) }), { breaks: false })).toEqual([]);
  });
});

describe("schedules", () => {
  const regular: [string, number[]][] = [
    ["every 50 steps", [10, 60, 110, 160, 210, 260, 310, 360, 370]],
    ["steps each 2 times the one before", [0, 1, 2, 4, 8, 16, 32, 64, 128, 200]],
    ["steps each 10 times the one before", [5, 50, 500, 5e3, 5e4, 5e5, 5e6, 5e7]],
  ];
  const powers: [string, number[]][] = [
    ["100 steps that grow with the power 5", powerLawSchedule(100_000)],
    ["40 steps that grow with the power 3", powerLawSchedule(20_000, 40, 3)],
  ];
  test.for([...regular, ...powers])("%s", ([spacing, steps]) => {
    expect(scheduleOf(steps)?.spacing).toBe(spacing);
  });

  test.for(regular)("%s: any one but the ends is told to be missing", ([, steps]) => {
    for (const step of steps.slice(2, -2)) {
      const rest = steps.filter((other) => other !== step);
      const absent = scheduleOf(rest)!.steps.filter((other) => !rest.includes(other));
      expect(absent).toEqual([step]);
    }
  });

  test("a power law that misses a tenth is still told", () => {
    const steps = powerLawSchedule(100_000);
    const rest = steps.filter((_, i) => i % 12 !== 30 % 12);
    const absent = scheduleOf(rest)!.steps.filter((step) => !rest.includes(step));
    expect(absent).toEqual(steps.filter((_, i) => i % 12 === 30 % 12));
  });

  test("steps without a rule have none, and few steps neither", () => {
    expect(scheduleOf([0, 3, 10, 100, 101, 5000, 5003])).toBeUndefined();
    expect(scheduleOf([0, 100, 200, 300])).toBeUndefined();
  });
});

test("progress is told, and an abort heard", async () => {
  const told: number[] = [];
  await found(run(), { progress: (done, total) => told.push(done / total) });
  expect(told).toEqual(Array.from({ length: 11 }, (_, i) => i / 10));
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(found(run(), { signal })).rejects.toThrow("enough");
});
