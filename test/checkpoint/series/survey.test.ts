import { describe, expect, test } from "vitest";
import {
  bytesSource,
  CheckpointError,
  type SeriesEntry,
  seriesOf,
  storedOf,
  writeSafetensors,
} from "../../../src/checkpoint/index.ts";
import { AdapterError, adapters, userAdapter } from "../../../src/model/index.ts";
import { decode, encode } from "../../../src/protocol/index.ts";

type Shapes = Readonly<Record<string, readonly number[]>>;
const small: Shapes = { left: [1, 1], right: [1, 1], down: [1, 1] };

/** A safetensors file whose tensors are filled with `value`. */
function file(shapes: Shapes, value = 1): Uint8Array {
  return writeSafetensors(
    new Map(
      Object.entries(shapes).map(([name, shape]) => {
        const length = shape.reduce((size, axis) => size * axis, 1);
        return [name, storedOf({ shape, data: new Float64Array(length).fill(value) }, "F64")];
      }),
    ),
    { value: String(value) },
  );
}

interface Opened {
  open: number;
  most: number;
  reads: [name: string, length: number][];
}

/** Entries in memory; `opened` counts those that are open and what was read of them. */
function entries(
  files: Readonly<Record<string, Uint8Array>>,
  opened: Opened = { open: 0, most: 0, reads: [] },
): SeriesEntry[] {
  return Object.entries(files).map(([name, bytes]) => ({
    name,
    size: bytes.length,
    open: async () => {
      opened.most = Math.max(opened.most, ++opened.open);
      const source = bytesSource(bytes, name);
      return {
        ...source,
        read: (offset, length) => {
          opened.reads.push([name, length]);
          return source.read(offset, length);
        },
        close: async () => {
          opened.open--;
        },
      };
    },
  }));
}

const names = async (...list: string[]) => {
  const series = await seriesOf(
    entries(Object.fromEntries(list.map((name) => [name, file(small)]))),
  );
  const leftOut = series
    .describe()
    .files.filter(({ state }) => state === "left out")
    .map(({ name, reason }) => `${name}: ${reason}`);
  return { names: series.sources, steps: series.steps, labels: series.labels, leftOut };
};

describe("a series is in the order of its training steps:", () => {
  test("by value, not by spelling", async () => {
    expect(await names("step_10.pt", "step_9.pt", "step_0100.pt", "step_1k.pt")).toEqual({
      names: ["step_9.pt", "step_10.pt", "step_0100.pt", "step_1k.pt"],
      steps: [9, 10, 100, 1000],
      labels: ["step_9", "step_10", "step_0100", "step_1k"],
      leftOut: [],
    });
  });

  test("seeds are labels in natural order, and have no steps", async () => {
    const found = await names("model_seed_10.pt", "model_seed_2.pt");
    expect(found.names).toEqual(["model_seed_2.pt", "model_seed_10.pt"]);
    expect(found.steps).toBe(undefined);
  });

  test("a folder for each step; what lies beside the weights is left out", async () => {
    expect(
      await names(
        "checkpoint-20/model.safetensors",
        "checkpoint-3/model.safetensors",
        "checkpoint-3/optimizer.pt",
        "checkpoint-3/rng_state_0.pth",
      ),
    ).toEqual({
      names: ["checkpoint-3/model.safetensors", "checkpoint-20/model.safetensors"],
      steps: [3, 20],
      labels: ["checkpoint-3", "checkpoint-20"],
      leftOut: [
        "checkpoint-3/optimizer.pt: kept beside the weights, by its name",
        "checkpoint-3/rng_state_0.pth: kept beside the weights, by its name",
      ],
    });
  });

  test("among names with steps, one without is left out; a lone step among many names is none", async () => {
    expect(await names("step_1.pt", "step_2.pt", "best.pt")).toMatchObject({
      steps: [1, 2],
      leftOut: ["best.pt: no training step in its name, which 2 others have"],
    });
    expect(await names("baseline.pt", "pruned.pt", "tuned_2.pt")).toMatchObject({
      names: ["baseline.pt", "pruned.pt", "tuned_2.pt"],
      steps: undefined,
      leftOut: [],
    });
  });

  test("the same weights in two formats are one checkpoint; parts of one are none", async () => {
    expect(
      await names(
        "step_1.pt",
        "step_1.safetensors",
        "step_2.pt",
        "step_3-00001-of-00002.safetensors",
      ),
    ).toMatchObject({
      names: ["step_1.safetensors", "step_2.pt"],
      leftOut: [
        "step_1.pt: the same checkpoint as step_1.safetensors",
        "step_3-00001-of-00002.safetensors: one part of a checkpoint in several files, which Simile does not join",
      ],
    });
  });
});

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

describe("describe()", () => {
  test("tells each file's state; a bad file hides no other", async () => {
    const whole = file(small, 5);
    const series = await seriesOf(
      entries({
        "step_0.pt": whole,
        "step_1.pt": whole.slice(0, -1),
        "step_2.pt": file({ left: [1, 1], right: [1, 1] }),
        "step_1000.pt": whole,
        "final.pt": whole,
      }),
      { leftOut: [{ name: "notes.txt", size: 4, reason: "not a checkpoint" }] },
    );
    const size = whole.length;
    expect(series.describe()).toEqual({
      summary:
        '2 checkpoints, steps 0 to 1,000; read by the adapter "simile"; 2 files could not be used; 2 files left out',
      files: [
        { name: "step_0.pt", state: "read", step: 0, bytes: size },
        { name: "step_1000.pt", state: "read", step: 1000, bytes: size },
        {
          name: "step_1.pt",
          state: "failed",
          step: 1,
          bytes: size - 1,
          reason: 'Cannot read tensor "down" of step_1.pt: expected data up to 24, found 23 bytes',
        },
        {
          name: "step_2.pt",
          state: "failed",
          step: 2,
          bytes: expect.any(Number),
          reason: 'Cannot make a network of step_2.pt: adapter "simile" does not fit: missing down',
        },
        {
          name: "final.pt",
          state: "left out",
          bytes: size,
          reason: "no training step in its name, which 4 others have",
        },
        { name: "notes.txt", state: "left out", bytes: 4, reason: "not a checkpoint" },
      ],
      tensors: [
        { name: "left", type: "F64", shape: [1, 1] },
        { name: "right", type: "F64", shape: [1, 1] },
        { name: "down", type: "F64", shape: [1, 1] },
      ],
      metadata: { value: "5" },
      adapter: "simile",
    });
    expect(structuredClone(series.describe())).toEqual(series.describe());
  });

  test("of one checkpoint without a step", async () => {
    const series = await seriesOf(entries({ "a.pt": file(small) }));
    expect(series.describe().summary).toBe('1 checkpoint; read by the adapter "simile"');
  });

  test("where no adapter fits, says what the nearest lacks; checkpoints can still be read", async () => {
    const series = await seriesOf(entries({ "a.pt": file({ left: [1, 1], right: [1, 1] }) }));
    const mismatch =
      'Cannot make a network of a.pt: no adapter fits; the nearest is "simile": missing down';
    expect(series.describe()).toMatchObject({
      mismatch,
      summary: `1 checkpoint. ${mismatch}`,
    });
    expect(series.describe()).not.toHaveProperty("adapter");
    const error: unknown = await series.network(0).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AdapterError);
    expect(String(error)).toContain(`${mismatch}\n  adapter `);
    expect((await series.checkpoint(0)).tensors.size).toBe(2);
  });
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
