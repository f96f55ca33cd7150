import { describe, expect, test } from "vitest";
import { CheckpointError, type SeriesEntry, seriesOf } from "../../../src/checkpoint/index.ts";
import { adapters, userAdapter } from "../../../src/model/index.ts";
import { decode, encode } from "../../../src/protocol/index.ts";
import { entries, file, type Opened, type Shapes, small } from "../../support/series-entries.ts";

test("networks and checkpoints are read when asked for, and nothing stays open", async () => {
  const opened: Opened = { open: 0, most: 0, reads: [] };
  const wide: Shapes = { left: [2, 1], right: [2, 1], down: [1, 2] };
  const series = await seriesOf(
    entries({ "step_1.pt": file(wide, 3), "step_0.pt": file(wide, 4) }, opened),
  );
  expect(series.length).toBe(2);
  expect(series.sizes).toEqual([file(wide).length, file(wide).length]);
  const numbers = () => opened.reads.filter(([, length]) => length === 16);
  expect(numbers().filter(([, length]) => length !== 16)).toEqual([]);
  opened.reads.length = 0;
  const network = await series.network(1);
  expect(network.layers[0]).toMatchObject({ kind: "bilinear", down: { shape: [1, 2] } });
  expect([...(network.layers[0] as { left: { data: Float64Array } }).left.data]).toEqual([3, 3]);
  expect(opened.reads.every(([name]) => name === "step_1.pt")).toBe(true);
  const checkpoint = await series.checkpoint(0);
  expect(checkpoint).toMatchObject({ source: "step_0.pt", step: 0, metadata: { value: "4" } });
  expect([...checkpoint.tensors.keys()]).toEqual(["left", "right", "down"]);
  expect(opened).toMatchObject({ open: 0, most: 1 });
  expect(() => series.network(2)).toThrow(
    new RangeError("Cannot load checkpoint 2 of series: expected 0 to 1, found 2"),
  );
});

test("progress counts the files that were looked into, those that cannot be read too", async () => {
  const told: string[] = [];
  await seriesOf(
    entries({ "step_1.pt": file(small), "step_2.pt": new Uint8Array(9), "step_3.pt": file(small) }),
    { progress: (done, total) => told.push(`${done} of ${total}`) },
  );
  expect(told).toEqual(["0 of 3", "1 of 3", "2 of 3", "3 of 3"]);
});

test("a series reaches the page as what is known of it", async () => {
  const series = await seriesOf(entries({ "step_1.pt": file(small) }));
  expect(decode(encode(series))).toEqual({
    source: "series",
    length: 1,
    steps: [1],
    labels: ["step_1"],
    sources: ["step_1.pt"],
    sizes: [file(small).length],
    description: series.describe(),
  });
});

test("only tensors the network is made of are read", async () => {
  const opened: Opened = { open: 0, most: 0, reads: [] };
  const adapter = userAdapter({
    name: "mine",
    ignore: ["moments"],
    layers: [{ kind: "linear", weight: "w" }],
  });
  const series = await seriesOf(
    entries({ "1.safetensors": file({ w: [2, 2], moments: [100] }) }, opened),
    { adapter },
  );
  await series.network(0);
  expect(opened.reads.map(([, length]) => length)).toContain(32);
  expect(opened.reads.map(([, length]) => length)).not.toContain(800);
});

describe("of several adapters", () => {
  const like = (name: string, gain: number) =>
    userAdapter({
      name,
      layers: [{ kind: "bilinear", left: "left", right: "right", down: "down", gain }],
    });
  const other = userAdapter({ name: "other", layers: [{ kind: "linear", weight: "left" }] });
  const files = { "1.pt": file(small), "2.pt": file(small), "3.pt": file({ left: [1, 1] }) };

  test("the one that fits most files reads them", async () => {
    const series = await seriesOf(entries(files), { adapter: [other, like("most", 1)] });
    expect(series.describe()).toMatchObject({ adapter: "most" });
    expect(series.sources).toEqual(["1.pt", "2.pt"]);
  });

  test("two that read different networks of the same files leave no choice", async () => {
    const adapter = [like("one", 1), like("half", 0.5)];
    const series = await seriesOf(entries(files), { adapter });
    expect(series.describe()).not.toHaveProperty("adapter");
    expect(series.describe().mismatch).toBe(
      'Cannot make a network of 1.pt: "one" and "half" fit, and read different networks; choose one of them as the adapter',
    );
    const same = await seriesOf(entries(files), { adapter: [like("one", 1), like("same", 1)] });
    expect(same.describe()).toMatchObject({ adapter: "one" });
  });
});

test("a file that changes while the series is looked through is described as that", async () => {
  const [first] = entries({ "2.pt": file({ left: [1, 1] }) });
  const [then] = entries({ "2.pt": file(small) });
  let opened = 0;
  const changing: SeriesEntry = { ...first!, open: () => (opened++ === 0 ? first! : then!).open() };
  const series = await seriesOf([...entries({ "1.pt": file(small) }), changing]);
  expect(series.describe().files[1]).toMatchObject({
    name: "2.pt",
    state: "failed",
    reason: "its file changed meanwhile",
  });
});

test("the adapter that fits most files reads the series", async () => {
  const packed = file({ "bi_linear.weight": [2, 1], "projection.weight": [1, 1] });
  const series = await seriesOf(entries({ "1.pt": file(small), "2.pt": packed, "3.pt": packed }));
  expect(series.describe().adapter).toBe("packed");
  expect(series.steps).toEqual([2, 3]);
  expect(series.describe().tensors[0]!.name).toBe("bi_linear.weight");
});

test.for<[string, Record<string, Uint8Array>, object, string]>([
  ["nothing", {}, {}, "Cannot open series: expected checkpoints, found none"],
  [
    "nothing readable",
    { "a.pt": new Uint8Array(0) },
    { source: "runs" },
    "Cannot open runs: expected checkpoints, found 1 that could not be used (Cannot read a.pt: expected a safetensors, PyTorch, .npy or .npz file, found an empty file)",
  ],
  [
    "nothing that the adapter asked for fits, and others",
    { "a.pt": file(small), "optimizer.pt": file(small) },
    { adapter: adapters[1] },
    'Cannot open series: expected checkpoints, found 1 that could not be used (Cannot make a network of a.pt: adapter "packed" does not fit: missing bi_linear.weight, projection.weight; not used left, right, down) and 1 left out (optimizer.pt: kept beside the weights, by its name)',
  ],
])("a series of %s is refused", async ([, files, options, message]) => {
  await expect(seriesOf(entries(files), options)).rejects.toThrow(new CheckpointError(message));
});

test("looking through the files stops when asked to", async () => {
  const controller = new AbortController();
  const opened: Opened = { open: 0, most: 0, reads: [] };
  const all = entries({ "1.pt": file(small), "2.pt": file(small) }, opened).map((entry) => ({
    ...entry,
    open: () => {
      controller.abort(new Error("enough"));
      return entry.open();
    },
  }));
  await expect(seriesOf(all, { signal: controller.signal })).rejects.toThrow("enough");
  expect(new Set(opened.reads.map(([name]) => name))).toEqual(new Set(["1.pt"]));
  expect(opened.open).toBe(0);
});
