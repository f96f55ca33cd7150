import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSeries, writeSafetensors } from "../../src/index.node.ts";
import {
  type BilinearLayer,
  type Network,
  type NetworkSeries,
  randomBilinear,
} from "../../src/model/index.ts";
import {
  memoryResults,
  provideCache,
  type ResultStore,
  type SeriesOptions,
  SimilarityCache,
  type SimilarityMatrix,
  similarityMatrix,
  sliceMatrices,
  toReference,
} from "../../src/similarity/index.ts";
import { countingEngine } from "../support/counting-engine.ts";

const networkOf = (seed: number) => randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed });
const networks = Array.from({ length: 6 }, (_, seed) => networkOf(seed));
const numbersOf = ({ data, norms }: Pick<SimilarityMatrix, "data" | "norms">) => ({ data, norms });

/** A series that is read, of networks that tell their state, and counts what is read. */
function told(own: readonly Network[], read: number[]): NetworkSeries {
  return {
    length: own.length,
    identity: (index) => `network ${networks.indexOf(own[index]!)}`,
    async network(index) {
      read.push(index);
      return own[index]!;
    },
  };
}

test("a matrix asked for again is remembered, whole, slice by slice and row by row", async () => {
  const cache = new SimilarityCache();
  const engine = "reference";
  const first = await similarityMatrix(networks, { engine, cache });
  expect(first).toMatchObject({ pairs: 21, computed: 21, notes: [] });
  const again = await similarityMatrix(networks, { engine, cache });
  expect(again).toMatchObject({ pairs: 21, computed: 0 });
  expect(numbersOf(again)).toEqual(numbersOf(first));

  const slice = await similarityMatrix(networks, { engine, cache, slice: 1 });
  expect(slice.computed).toBe(0);
  expect(numbersOf(slice)).toEqual(
    numbersOf(await similarityMatrix(networks, { engine, slice: 1 })),
  );
  const each = await sliceMatrices(networks, { engine, cache });
  expect(each.computed).toBe(0);
  expect(numbersOf(each)).toEqual(numbersOf(await sliceMatrices(networks, { engine })));
  const curve = await toReference(networks, 3, { engine, cache });
  expect(curve).toMatchObject({ pairs: 11, computed: 0 });
  expect(curve.data).toEqual(first.data.slice(18, 24));
});

test.for([5, 0, 2])(
  "one checkpoint more, at %i, costs its own pairs and is loaded alone",
  async (at) => {
    const cache = new SimilarityCache();
    const { engine, count } = countingEngine();
    const read: number[] = [];
    const before = networks.filter((_, index) => index !== at);
    await similarityMatrix(told(before, read), { engine, cache });
    const [loads, rows] = [count.loads, count.pairs];
    read.length = 0;
    const found = await similarityMatrix(told(networks, read), { engine, cache });
    expect(numbersOf(found)).toEqual(
      numbersOf(await similarityMatrix(networks, { engine: "reference" })),
    );
    expect(found.computed).toBe(6);
    expect(count.pairs - rows).toBe(6);
    expect(count.loads - loads).toBe(1);
    // The first is looked at to decide how all are compared.
    expect(read).toEqual(at === 0 ? [0] : [0, at]);
  },
);

test("the 101st checkpoint costs at most 101 pairs", async () => {
  const cache = new SimilarityCache();
  const many = Array.from({ length: 101 }, (_, seed) => networkOf(seed));
  const engine = "reference";
  await similarityMatrix(many.slice(0, 100), { engine, cache });
  const found = await similarityMatrix(many, { engine, cache });
  expect(found).toMatchObject({ pairs: 5151, computed: 101 });
});

test("a change of a single bit of a network at hand is seen", async () => {
  const cache = new SimilarityCache();
  const own = networks.map((network): Network => structuredClone(network));
  const before = await similarityMatrix(own, { cache });
  const { data } = (own[2]!.layers[0] as BilinearLayer).left;
  new Uint8Array(data.buffer)[5]! ^= 1;
  const after = await similarityMatrix(own, { cache });
  expect(after.computed).toBe(6);
  expect(numbersOf(after)).toEqual(numbersOf(await similarityMatrix(own)));
  expect(numbersOf(after)).not.toEqual(numbersOf(before));
});

test.for<{ what: string; options: SeriesOptions }>([
  { what: "metric", options: { metric: "padded" } },
  { what: "side", options: { symmetrise: false } },
  { what: "precision", options: { precision: "float32" } },
  { what: "engine", options: { engine: "wasm" } },
  { what: "mean", options: { metric: "gaussian", input: { mean: [1, 0, 0] } } },
])("results under another $what are not mixed up", async ({ options }) => {
  const cache = new SimilarityCache();
  const plain: SeriesOptions = { engine: "reference" };
  if (options.metric === "gaussian") {
    await similarityMatrix(networks, { ...plain, metric: "gaussian", cache });
  }
  await similarityMatrix(networks, { ...plain, cache });
  const found = await similarityMatrix(networks, { ...plain, ...options, cache });
  expect(found.computed).toBe(21);
  expect(numbersOf(found)).toEqual(
    numbersOf(await similarityMatrix(networks, { ...plain, ...options })),
  );
});

test("twins are compared with each other, and are the same as without a cache", async () => {
  for (const metric of ["symmetric", "closure"] as const) {
    const cache = new SimilarityCache();
    const own = [networks[0]!, networks[1]!, structuredClone(networks[0]!) as Network];
    const plain = await similarityMatrix(own, { engine: "reference", metric });
    for (const _ of [1, 2]) {
      const found = await similarityMatrix(own, { engine: "reference", metric, cache });
      expect(numbersOf(found)).toEqual(numbersOf(plain));
    }
  }
});

test("networks stay loaded within the bytes of the cache, and no longer than it", async () => {
  const { engine, count } = countingEngine();
  const cache = new SimilarityCache({ memory: 600 });
  await similarityMatrix(networks, { engine, cache });
  expect(count).toMatchObject({ held: 2, bytes: 512 });
  expect(cache.networks.bytes).toBe(512);
  cache.clear();
  expect(count).toMatchObject({ held: 0, bytes: 0 });
});

test("an aborted matrix keeps what was computed, and is finished later", async () => {
  const cache = new SimilarityCache();
  const controller = new AbortController();
  const stopped = similarityMatrix(networks, {
    engine: "reference",
    cache,
    signal: controller.signal,
    progress: (done) => {
      if (done >= 6) controller.abort(new Error("Enough"));
    },
  });
  await expect(stopped).rejects.toThrow("Enough");
  const found = await similarityMatrix(networks, { engine: "reference", cache });
  expect(found.computed).toBeLessThanOrEqual(15);
  expect(numbersOf(found)).toEqual(
    numbersOf(await similarityMatrix(networks, { engine: "reference" })),
  );
});

test("a store that cannot keep results is told in a note, and the matrix is right", async () => {
  const full: ResultStore = {
    read: async () => ({ products: new Map(), damaged: 2 }),
    append: () => Promise.reject(new Error("Cannot keep results: the disk is full")),
  };
  const cache = new SimilarityCache({ results: full });
  const found = await similarityMatrix(networks, { engine: "reference", cache });
  expect(found.notes).toEqual([
    "12 kept results were found damaged and computed again",
    "Cannot keep results: the disk is full",
  ]);
  expect(numbersOf(found)).toEqual(
    numbersOf(await similarityMatrix(networks, { engine: "reference" })),
  );
});

test("memoryResults(bytes) drops what was unused longest", async () => {
  const results = memoryResults(1000);
  const one = (second: string) => ({
    second,
    slices: new Float64Array(25),
    exponent: 0,
    rounding: 0,
  });
  for (const first of ["a", "b"]) await results.append("how", first, [one("x")]);
  expect((await results.read("how", "a")).products.size).toBe(1);
  await results.append("how", "c", [one("x")]);
  expect((await results.read("how", "a")).products.size).toBe(1);
  expect((await results.read("how", "b")).products.size).toBe(0);
  expect((await results.read("another", "a")).products.size).toBe(0);
});

test("provideCache(cache) gives every series of this process one, but those that want none", async () => {
  provideCache(new SimilarityCache());
  try {
    const options = { engine: "reference" } as const;
    await similarityMatrix(networks, options);
    expect(await similarityMatrix(networks, options)).toMatchObject({ computed: 0 });
    expect(await similarityMatrix(networks, { ...options, cache: null })).toMatchObject({
      computed: 21,
    });
  } finally {
    provideCache(undefined);
  }
  expect(await similarityMatrix(networks, { engine: "reference" })).toMatchObject({ computed: 21 });
});

test("new SimilarityCache({ memory: -1 }) throws", () => {
  expect(() => new SimilarityCache({ memory: -1 })).toThrow(
    "Cannot keep networks: expected bytes of at least 0, found -1",
  );
});

test("a file that was read is not read again, unless it changed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "simile-cache-"));
  try {
    const write = async (step: number, seed: number, age: number) => {
      const layer = networkOf(seed).layers[0] as BilinearLayer;
      const tensors = new Map(
        (["left", "right", "down"] as const).map((name) => {
          const { shape, data } = layer[name];
          return [name, { type: "F64" as const, shape, bytes: new Uint8Array(data.buffer) }];
        }),
      );
      const path = join(folder, `step_${step}.safetensors`);
      await writeFile(path, writeSafetensors(tensors));
      const time = Date.now() / 1000 - age;
      await utimes(path, time, time);
    };
    for (const step of [0, 1, 2]) await write(step, step, 60);
    const cache = new SimilarityCache();
    const matrix = async () => similarityMatrix(await openSeries(folder), { cache });
    const first = await matrix();
    const series = await openSeries(folder);
    expect(cache.hashOf(series.identity(1)!)).toMatch(/^[0-9a-f]{64}$/);
    expect((await matrix()).computed).toBe(0);
    await write(1, 5, 30);
    const changed = await matrix();
    expect(changed.computed).toBe(3);
    expect(changed.norms[1]).not.toBe(first.norms[1]);
    // So new that a second change might not show.
    await write(1, 1, 0);
    const fresh = await openSeries(folder);
    expect(fresh.identity(1)).toBeUndefined();
    expect(numbersOf(await similarityMatrix(fresh, { cache }))).toEqual(numbersOf(first));
  } finally {
    await rm(folder, { recursive: true });
  }
});
