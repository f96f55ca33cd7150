import "../../../src/engine/node/index.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wasmEngine } from "../../../src/engine/index.ts";
import { type Network, randomBilinear } from "../../../src/model/index.ts";
import {
  explain,
  type SeriesOptions,
  SimilarityCache,
  similarityMatrix,
  sliceMatrices,
  toReference,
} from "../../../src/similarity/index.ts";
import type { Engine } from "../../../src/tensor/index.ts";

/** Many networks of many units, few inputs and few outputs: their forms are small. */
const series = Array.from({ length: 60 }, (_, seed) =>
  randomBilinear({ dIn: 6, dHidden: 150, dOut: 2, seed }),
);

let engine: Engine;
let plain: Engine;
beforeAll(async () => {
  engine = await wasmEngine({ threads: 2 });
  const { forms: _, ...rest } = engine;
  plain = rest;
});
afterAll(() => engine.dispose());

function close(found: Float64Array, expected: Float64Array): void {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(found[i]! - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
  }
}

describe("a matrix by the forms route", () => {
  test.for<SeriesOptions & { name: string }>([
    { name: "symmetric" },
    { name: "one slice", slice: 1 },
    { name: "gaussian", metric: "gaussian" },
    { name: "padded", metric: "padded" },
  ])("is that of the gram route: $name", async ({ name: _, ...options }) => {
    const found = await similarityMatrix(series, { ...options, engine });
    const expected = await similarityMatrix(series, { ...options, engine: plain });
    expect([found.route, expected.route]).toEqual(["forms", "gram"]);
    close(found.data, expected.data);
    close(found.norms, expected.norms);
    expect(found).toMatchObject({ pairs: 1830, computed: 1830, notes: [] });
  });

  test("has its slices too", async () => {
    const found = await sliceMatrices(series, { engine });
    const expected = await sliceMatrices(series, { engine: plain });
    expect([found.route, expected.route]).toEqual(["forms", "gram"]);
    close(found.data, expected.data);
    close(found.norms, expected.norms);
  });

  test("is what explain says", async () => {
    const { chosen } = await explain(series, { engine });
    expect(chosen).toMatchObject({ plan: { route: "forms", pairs: 1830 } });
    const entries = 21;
    const flops = 60 * 150 * entries * (2 * 2 + 3) + 1830 * 2 * 2 * entries;
    expect(chosen.applies && chosen.plan!.flops).toBe(flops);
  });

  test("keeps networks that are rounding at 0", async () => {
    const { left, right, down } = series[0]!.layers[0] as Extract<
      Network["layers"][number],
      { kind: "bilinear" }
    >;
    const half = down.shape[1] / 2;
    // The second half of the units undoes the first.
    const undone = { ...down, data: down.data.slice() };
    for (const side of [left, right]) {
      for (let k = 0; k < half * 6; k++) side.data[half * 6 + k] = side.data[k]!;
    }
    for (let o = 0; o < 2; o++) {
      for (let h = 0; h < half; h++)
        undone.data[o * 2 * half + half + h] = -undone.data[o * 2 * half + h]!;
    }
    const nothing: Network = { layers: [{ kind: "bilinear", left, right, down: undone }] };
    const { norms, data, route } = await similarityMatrix([nothing, ...series.slice(1)], {
      engine,
    });
    expect(route).toBe("forms");
    expect(norms[0]).toBe(0);
    expect(Array.from(data.subarray(0, 60))).toEqual(Array(60).fill(0));
  });

  test("tells its progress up to all pairs, and hears an abort", async () => {
    const told: number[] = [];
    await similarityMatrix(series, { engine, progress: (done) => told.push(done) });
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect([told[0], told.at(-1)]).toEqual([0, 1830]);
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(similarityMatrix(series, { engine, signal })).rejects.toBe(reason);
  });

  test("is remembered; one more network is a row by the gram route", async () => {
    const cache = new SimilarityCache();
    const first = await similarityMatrix(series, { engine, cache });
    expect(first).toMatchObject({ route: "forms", computed: 1830 });
    const again = await similarityMatrix(series, { engine, cache });
    expect(again.computed).toBe(0);
    expect(again.data).toEqual(first.data);
    const more = [...series, randomBilinear({ dIn: 6, dHidden: 150, dOut: 2, seed: 99 })];
    const grown = await similarityMatrix(more, { engine, cache });
    expect(grown).toMatchObject({ route: "gram", computed: 61 });
    close(grown.data, (await similarityMatrix(more, { engine: plain })).data);
  });
});

describe("the gram route is taken", () => {
  test("where all networks together are beyond the memory", async () => {
    const { route } = await similarityMatrix(series, { engine, memory: 2 ** 20 });
    expect(route).toBe("gram");
  });

  test("for few networks, for one row, without symmetrising", async () => {
    expect((await similarityMatrix(series.slice(0, 4), { engine })).route).toBe("gram");
    expect((await toReference(series, 3, { engine })).route).toBe("gram");
    expect((await similarityMatrix(series, { engine, symmetrise: false })).route).toBe("gram");
  });

  test("where outputs are many", async () => {
    const many = Array.from({ length: 12 }, (_, seed) =>
      randomBilinear({ dIn: 40, dHidden: 16, dOut: 60, seed }),
    );
    expect((await similarityMatrix(many, { engine })).route).toBe("gram");
  });
});
