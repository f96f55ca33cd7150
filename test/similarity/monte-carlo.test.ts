import { describe, expect, test } from "vitest";
import {
  type BilinearLayer,
  type Network,
  outputs,
  randomBilinear,
} from "../../src/model/index.ts";
import { innerProduct, monteCarlo, similarity } from "../../src/similarity/index.ts";
import { matrix, Random } from "../../src/tensor/index.ts";
import { monomial } from "../support/networks.ts";
import { cases, type Model, matrixOf, networkOf } from "../support/vectors.ts";

const small = randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed: 1 });
const other = randomBilinear({ dIn: 3, dHidden: 6, dOut: 2, seed: 2 });

test("is within 4 standard errors of the exact value, and off by as much as they say", async () => {
  const { value: exact } = await similarity(small, other, { metric: "gaussian" });
  const found = await Promise.all(
    Array.from({ length: 40 }, (_, seed) => monteCarlo(small, other, { samples: 2000, seed })),
  );
  const errors = found.map(({ value, standardError }) => (value - exact) / standardError);
  for (const error of errors) expect(Math.abs(error)).toBeLessThan(4);
  // The mean of 40 squares of standard normals is 1 ± 0.22.
  const square = errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length;
  expect(square).toBeGreaterThan(0.5);
  expect(square).toBeLessThan(1.7);
});

test("agrees with the exact value of attention, means and covariances included", async () => {
  interface Pair {
    readonly a: Model;
    readonly b: Model;
    readonly mean: number[];
    readonly cov: number[][];
  }
  const found = cases<Pair, unknown>("attention").filter(({ input }) => input.cov);
  expect(found.length).toBe(1);
  const { a, b, mean, cov } = found[0]!.input;
  const input = { mean, covariance: matrixOf(cov) };
  const [one, two] = [networkOf(a), networkOf(b)];
  const estimate = await monteCarlo(one, two, { samples: 20_000, input });
  const options = { metric: "closure", input } as const;
  const { value } = await similarity(one, two, options);
  expect(Math.abs(estimate.value - value)).toBeLessThan(4 * estimate.standardError);
  expect(estimate.standardError).toBeLessThan(0.05);
  const exact = await innerProduct(one, one, options);
  expect(Math.abs(estimate.norms[0] / Math.sqrt(exact.value) - 1)).toBeLessThan(0.1);
});

test("is, number for number, what its formula says of the inputs it draws", async () => {
  const samples = 700;
  const found = await monteCarlo(small, other, { samples, seed: 5, slice: 1 });
  const random = new Random(5);
  const x = matrix(
    samples,
    3,
    Float64Array.from({ length: 3 * samples }, () => random.normal()),
  );
  const values = (network: Network) =>
    Array.from({ length: samples }, (_, i) => outputs(network, x).data[2 * i + 1]!);
  const [ya, yb] = [values(small), values(other)];
  const mean = (of: (i: number) => number) => ya.reduce((sum, _, i) => sum + of(i), 0) / samples;
  const [aa, bb] = [mean((i) => ya[i]! ** 2), mean((i) => yb[i]! ** 2)];
  const ab = mean((i) => ya[i]! * yb[i]!);
  expect(found.value).toBeCloseTo(ab / Math.sqrt(aa * bb), 13);
  expect(found.product).toBeCloseTo(ab, 12);
  const psi = (i: number) =>
    (ya[i]! * yb[i]!) / Math.sqrt(aa * bb) -
    (found.value / 2) * (ya[i]! ** 2 / aa + yb[i]! ** 2 / bb);
  expect(mean(psi)).toBeCloseTo(0, 12);
  expect(found.standardError).toBeCloseTo(Math.sqrt(mean((i) => psi(i) ** 2) / samples), 13);
  const shares = [ya, yb].map(
    (y, k) => Math.max(...y.map((v) => v ** 2)) / ([aa, bb][k]! * samples),
  );
  expect(found.largestShare).toBeGreaterThanOrEqual(Math.max(...shares) * (1 - 1e-12));
  expect(found.slice).toBe(1);
});

test("sums over positions, each with its own input", async () => {
  const [samples, nContext] = [300, 2];
  const found = await monteCarlo(
    { ...small, nContext },
    { ...other, nContext },
    { samples, seed: 6 },
  );
  const single = await monteCarlo(small, other, { samples: samples * nContext, seed: 6 });
  expect(found.product).toBeCloseTo(nContext * single.product, 12);
  expect(found.value).toBeCloseTo(single.value, 12);
  expect(found.norms[0]).toBeCloseTo(Math.sqrt(nContext) * single.norms[0], 12);
});

test("is not trusted when a single input decides", async () => {
  expect((await monteCarlo(small, other, { samples: 40_000 })).trusted).toBe(true);
  const [layer] = randomBilinear({ dIn: 3, dHidden: 4, dOut: 3, seed: 1 }).layers;
  const deep: Network = { layers: [layer!, layer!, layer!, layer!] };
  const found = await monteCarlo(deep, deep, { samples: 5000 });
  expect(found.largestShare).toBeGreaterThan(0.01);
  expect(found.trusted).toBe(false);
  expect(found.value).toBeCloseTo(1, 12);
  const few = await monteCarlo(small, other, { samples: 2000 });
  expect(few.largestShare).toBeGreaterThan(0.01);
  expect(few.largestShare).toBeLessThan(0.1);
  expect(few.trusted).toBe(false);
});

test("says what it is; one seed gives one estimate", async () => {
  const found = await monteCarlo(small, other, { samples: 600, seed: 3 });
  expect(found).toMatchObject({ metric: "monte carlo", exact: false, samples: 600, seed: 3 });
  expect(await monteCarlo(small, other, { samples: 600, seed: 3 })).toEqual(found);
  expect((await monteCarlo(small, other, { samples: 600, seed: 4 })).value).not.toBe(found.value);
});

test("compares networks of any depth, and zero with anything", async () => {
  const square = monomial(0, 0);
  const fourth: Network = {
    layers: [...square.layers, { kind: "linear", weight: matrix(2, 1, [1, 0]) }, ...square.layers],
  };
  const found = await monteCarlo(square, fourth, { samples: 40_000 });
  // E[x²·x⁴] / √(E[x⁴] E[x⁸]) = 15 / √(3 · 105)
  expect(Math.abs(found.value - 15 / Math.sqrt(315))).toBeLessThan(4 * found.standardError);
  const [body] = square.layers as [BilinearLayer];
  const zero: Network = { layers: [{ ...body, gain: 0 }] };
  const nothing = await monteCarlo(zero, square, { samples: 10 });
  expect([nothing.value, nothing.standardError, nothing.norms[0]]).toEqual([0, 0, 0]);
});

describe("monteCarlo(a, b)", () => {
  test("tells how far it is and stops when asked", async () => {
    const done: number[] = [];
    await monteCarlo(small, other, { samples: 1200, progress: (n) => done.push(n) });
    expect(done).toEqual([0, 512, 1024, 1200]);
    const control = new AbortController();
    const progress = (n: number) => n > 2000 && control.abort(new Error("Enough"));
    const work = monteCarlo(small, other, { samples: 1e6, signal: control.signal, progress });
    await expect(work).rejects.toThrow("Enough");
  });

  const huge: Network = {
    layers: [{ kind: "linear", weight: matrix(2, 3, new Float64Array(6).fill(1e200)) }],
  };
  test.for([
    {
      b: other,
      options: { samples: 1 },
      sentence:
        "Cannot estimate a similarity: expected a whole number of samples of at least 2, found 1",
    },
    {
      b: other,
      options: { slice: 2 },
      sentence: "Cannot compare slice 2: expected an output from 0 to 1, found 2",
    },
    {
      b: monomial(0, 1),
      options: {},
      sentence: 'Cannot compare "b" with "a": expected dIn 3, found 2',
    },
    {
      b: { ...other, nContext: 2 },
      options: {},
      sentence: 'Cannot compare "b" with "a": expected nContext 1, found 2',
    },
    {
      b: huge,
      options: {},
      sentence:
        "Cannot estimate a similarity: expected outputs whose squares are within the range of float64",
    },
  ])("$sentence", async ({ b, options, sentence }) => {
    await expect(monteCarlo(small, b, options)).rejects.toThrow(sentence);
  });
});
