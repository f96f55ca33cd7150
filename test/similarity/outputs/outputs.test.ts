import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  agreement,
  jsDivergence,
  linearCka,
  type OutputResult,
  outputCosine,
  predictionDivergence,
} from "../../../src/similarity/index.ts";
import { type Matrix, matrix, type Tensor } from "../../../src/tensor/index.ts";
import { matrices } from "../../support/networks.ts";
import { cases, expectAllClose, expectClose, matrixOf } from "../../support/vectors.ts";

const mean = (a: Tensor, b: Tensor) => outputCosine(a, b, { average: "mean" });

describe("compared with the independent implementation", () => {
  type Input = {
    fa: number[][];
    fb: number[][];
    features: number[][];
    p: number[][];
    q: number[][];
  };
  const all = cases<Input, Record<string, number> & { js: number[]; sum: number }>("baselines");
  const numbers: [string, (input: Input) => OutputResult][] = [
    ["output_cosine_mean", ({ fa, fb }) => mean(matrixOf(fa), matrixOf(fb))],
    ["output_cosine_global", ({ fa, fb }) => outputCosine(matrixOf(fa), matrixOf(fb))],
    ["linear_cka", ({ fa, fb }) => linearCka(matrixOf(fa), matrixOf(fb))],
    ["linear_cka_rectangular", ({ fa, features }) => linearCka(matrixOf(fa), matrixOf(features))],
    ["js_predictions", ({ fa, fb }) => predictionDivergence(matrixOf(fa), matrixOf(fb))],
    ["agreement", ({ fa, fb }) => agreement(matrixOf(fa), matrixOf(fb))],
  ];
  test.for(numbers)("%s", ([name, found]) => {
    const known = all.filter(({ expected }) => name in expected);
    expect(known.length).toBeGreaterThan(0);
    for (const { input, expected } of known) expectClose(found(input).value, expected[name]!);
  });

  test("JS divergence of rows", () => {
    const [known, ...others] = all.filter(({ expected }) => "js" in expected);
    expect(others).toEqual([]);
    const rows = jsDivergence(matrixOf(known!.input.p), matrixOf(known!.input.q));
    expectAllClose(rows, known!.expected.js);
    expectClose(rows[0]! + rows[1]! + rows[2]!, known!.expected.sum);
  });
});

describe("by hand", () => {
  const a = matrix(2, 2, [3, 4, 0, 2]);
  const b = matrix(2, 2, [4, 3, 1, 0]);

  test("output cosine: the mean of 24/25 and 0, and 24 / √(29 · 26)", () => {
    expect(mean(a, b).value).toBe(24 / 25 / 2);
    expect(outputCosine(a, b).value).toBe(24 / (Math.sqrt(29) * Math.sqrt(26)));
  });

  test("an output that is 0 has cosine 0 and counts in the mean", () => {
    const zero = matrix(2, 1, [0, 1]);
    expect(mean(zero, matrix(2, 1, [1, 1])).value).toBe(1 / 2);
    expect(outputCosine(matrix(2, 1), zero).value).toBe(0);
  });

  test("CKA of (0, 2) with (0, 0, 4) is 1, of orthogonal contrasts 0, of a constant 0", () => {
    expect(linearCka(matrix(2, 1, [0, 2]), matrix(2, 2, [5, 0, 1, 0])).value).toBe(1);
    const [x, y] = [matrix(4, 1, [1, 1, -1, -1]), matrix(4, 1, [1, -1, 1, -1])];
    expect(linearCka(x, y).value).toBe(0);
    expect(linearCka(matrix(3, 1, [0.1, 0.1, 0.1]), matrix(3, 1, [1, 2, 3])).value).toBe(0);
  });

  test("CKA sees what varies beside a constant 10²⁰⁰ times as large", () => {
    const faint = matrix(3, 2, [1, 0, 1, 1e-200, 1, 2e-200]);
    expect(linearCka(faint, matrix(3, 1, [1, 2, 3])).value).toBeCloseTo(1, 14);
  });

  test("JS divergence is 0 of equal shares and ln 2 of shares with nothing in common", () => {
    const rows = jsDivergence(matrix(2, 2, [2, 6, 5, 0]), matrix(2, 2, [1, 3, 0, 7]));
    expect(rows[0]).toBe(0);
    expect(rows[1]).toBe(Math.LN2);
  });

  test("JS divergence of predictions sees logits up to a constant a row", () => {
    const shifted = matrix(2, 2, [1003, 1004, -500, -498]);
    expect(predictionDivergence(a, shifted).value).toBe(0);
    expect(predictionDivergence(matrix(1, 2, [800, 0]), matrix(1, 2, [0, 800])).value).toBe(
      Math.LN2,
    );
  });

  test("agreement takes the first of equal largest outputs", () => {
    const c = matrix(3, 2, [1, 1, 0, 5, 2, 1]);
    const d = matrix(3, 2, [9, 1, 1, 2, 1, 2]);
    expect(agreement(c, d).value).toBe(2 / 3);
  });

  test("positions count one by one", () => {
    const deep = (table: Matrix) => ({ shape: [1, ...table.shape], data: table.data });
    for (const metric of [mean, outputCosine, linearCka, predictionDivergence, agreement]) {
      expect(metric(deep(a), deep(b))).toEqual(metric(a, b));
    }
    expect(() => agreement(deep(a), a)).toThrow(
      "Cannot compare outputs: expected equal shapes, found [1, 2, 2] and [2, 2]",
    );
  });

  test("a result says what it is and of how many inputs", () => {
    expect(mean(a, b)).toMatchObject({ metric: "output cosine (mean)", inputs: 2, exact: true });
    expect(outputCosine(a, b).metric).toBe("output cosine (global)");
    expect(linearCka(a, b).metric).toBe("linear CKA");
    expect(agreement(a, b).exactFor).toBe("the inputs that were tried, and only those");
  });
});

const pairs = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns]) => fc.tuple(matrices(rows, columns), matrices(rows, columns)));

test("all are symmetric, and stay in their range", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      for (const metric of [mean, outputCosine, linearCka, predictionDivergence, agreement]) {
        const { value } = metric(a, b);
        expect(metric(b, a).value).toBeCloseTo(value, 14);
        expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-14);
        if (metric !== mean && metric !== outputCosine) expect(value).toBeGreaterThanOrEqual(0);
      }
      expect(predictionDivergence(a, b).value).toBeLessThanOrEqual(Math.LN2);
    }),
  );
});

test("scales do not matter to cosines and CKA, not even at the ends of float64", () => {
  fc.assert(
    fc.property(pairs, fc.constantFrom(2 ** 1000, 2 ** -1000), ([a, b], factor) => {
      const far: Matrix = { shape: a.shape, data: a.data.map((entry) => entry * factor) };
      for (const metric of [mean, outputCosine, linearCka]) {
        expect(metric(far, b).value).toBe(metric(a, b).value);
      }
    }),
  );
});

describe("what does not fit is named", () => {
  const two = matrix(1, 2, [1, 2]);
  test("shapes that differ", () => {
    for (const metric of [mean, outputCosine, predictionDivergence, agreement]) {
      expect(() => metric(two, matrix(1, 1, [1]))).toThrow(
        "Cannot compare outputs: expected equal shapes, found [1, 2] and [1, 1]",
      );
    }
    expect(() => linearCka(two, matrix(2, 1, [1, 2]))).toThrow(
      "Cannot compare outputs: expected equal numbers of rows, found [1, 2] and [2, 1]",
    );
  });

  test("no rows, no columns", () => {
    expect(() => agreement(matrix(0, 2), matrix(0, 2))).toThrow(
      "Cannot compare outputs: expected at least 1 row and 1 column, found [0, 2]",
    );
  });

  test("numbers that are none", () => {
    expect(() => linearCka(two, matrix(1, 2, [1, Number.NaN]))).toThrow(
      "Cannot compare outputs: expected finite numbers, found NaN at [0, 1]",
    );
  });

  test("distributions that are none", () => {
    expect(() => jsDivergence(two, matrix(1, 2, [1, -1]))).toThrow(
      "Cannot compare distributions: expected entries of at least 0, found -1 at [0, 1]",
    );
    expect(() => jsDivergence(matrix(1, 2), two)).toThrow(
      "Cannot compare distributions: expected an entry above 0 in row 0, found none",
    );
  });

  test("an average there is not", () => {
    expect(() => outputCosine(two, two, { average: "median" as "mean" })).toThrow(
      'Cannot average cosines of outputs by "median": expected mean or global',
    );
  });
});
