import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eigenpairs } from "../../src/analysis/decomposition.ts";
import { leadingEigenpairs } from "../../src/analysis/leading-eigenpairs.ts";
import { type Matrix, matrix, Random } from "../../src/tensor/index.ts";

function symmetric(n: number, entry: (i: number, j: number) => number): Matrix {
  const found = matrix(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) found.data[i * n + j] = found.data[j * n + i] = entry(i, j);
  }
  return found;
}

function packed({ shape: [n], data }: Matrix): Float64Array {
  const lower: number[] = [];
  for (let i = 0; i < n; i++) lower.push(...data.subarray(i * n, i * n + i + 1));
  return Float64Array.from(lower);
}

/** |A v − λ v| and |v·v′| of every pair that was found, over the largest entry of A. */
function residual(a: Matrix, count: number): number {
  const [n] = a.shape;
  const { values, vectors } = leadingEigenpairs(packed(a), n, count);
  expect(values.length).toBe(Math.min(count, n));
  const row = (k: number) => vectors.data.subarray(k * n, (k + 1) * n);
  const largest = Math.max(...Float64Array.from(a.data, Math.abs));
  let worst = 0;
  for (const [k, value] of values.entries()) {
    for (let i = 0; i < n; i++) {
      let sum = -value * row(k)[i]!;
      for (let j = 0; j < n; j++) sum += a.data[i * n + j]! * row(k)[j]!;
      worst = Math.max(worst, Math.abs(sum) / (largest || 1));
    }
    for (let other = 0; other <= k; other++) {
      let dot = 0;
      for (let i = 0; i < n; i++) dot += row(k)[i]! * row(other)[i]!;
      worst = Math.max(worst, Math.abs(dot - (other === k ? 1 : 0)));
    }
  }
  return worst;
}

function drawn(n: number, seed: number, size = 1): Matrix {
  const random = new Random(seed);
  return symmetric(n, () => size * random.normal());
}

describe("the leading eigenpairs", () => {
  test.for([1, 2, 3, 5, 20, 128])("of %d random rows are those of all pairs", (n) => {
    const a = drawn(n, n);
    const all = eigenpairs(a);
    const { values, vectors } = leadingEigenpairs(packed(a), n, 4);
    for (const [k, value] of values.entries()) {
      expect(value).toBeCloseTo(all.values[k]!, 12);
      for (let i = 0; i < n; i++) {
        expect(vectors.data[k * n + i]).toBeCloseTo(all.vectors.data[k * n + i]!, 11);
      }
    }
  });

  test.for([1e-200, 1e200])("of entries of size %d are its eigenpairs", (size) => {
    for (const n of [1, 2, 20]) expect(residual(drawn(n, n, size), 4)).toBeLessThan(1e-13);
  });

  test("of small whole numbers, many of them equal or zero, are orthonormal eigenpairs", () => {
    const entry = fc.integer({ min: -2, max: 2 });
    const matrices = fc
      .integer({ min: 1, max: 8 })
      .chain((n) =>
        fc.array(entry, { minLength: n * n, maxLength: n * n }).map((all) => ({ n, all })),
      );
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 9 }), ({ n, all }, count) => {
        expect(
          residual(
            symmetric(n, (i, j) => all[i * n + j]!),
            count,
          ),
        ).toBeLessThan(1e-12);
      }),
      { numRuns: 300 },
    );
  });

  test("of one eigenvalue many times over are orthonormal", () => {
    const identity = symmetric(30, (i, j) => (i === j ? 1 : 0));
    expect(residual(identity, 30)).toBeLessThan(1e-13);
    expect(
      residual(
        symmetric(30, () => 0),
        30,
      ),
    ).toBeLessThan(1e-13);
    // 1, −1 and 0, ten times each, in a basis that is not the coordinates.
    const random = new Random(1);
    const mirror = Array.from({ length: 30 }, () => random.normal());
    const squares = mirror.reduce((sum, entry) => sum + entry * entry, 0);
    const turn = (i: number, j: number) =>
      (i === j ? 1 : 0) - (2 * mirror[i]! * mirror[j]!) / squares;
    const turned = symmetric(30, (i, j) => {
      let sum = 0;
      for (let k = 0; k < 30; k++) sum += turn(i, k) * ((k % 3) - 1) * turn(k, j);
      return sum;
    });
    expect(residual(turned, 20)).toBeLessThan(1e-13);
  });
});
