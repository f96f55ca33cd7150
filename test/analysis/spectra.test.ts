import { describe, expect, test } from "vitest";
import { frequencies, tucker } from "../../src/analysis/index.ts";
import type { Network } from "../../src/model/index.ts";
import { jsDivergence } from "../../src/similarity/index.ts";
import { cases, expectAllClose, expectClose, matrixOf } from "../support/vectors.ts";

describe("compared with the independent implementation", () => {
  type Input = Record<"D" | "L" | "R" | "D2" | "L2" | "R2", number[][]> & { P: number };
  type Expected = {
    rows: number[][];
    marginal: number[];
    tucker_effective_ranks: number[];
    js_frequency_sum: number;
  };
  const { input, expected } = cases<Input, Expected>("baselines").find(
    (one) => "marginal" in one.expected,
  )!;
  const network = (L: number[][], R: number[][], D: number[][]): Network => ({
    layers: [{ kind: "bilinear", left: matrixOf(L), right: matrixOf(R), down: matrixOf(D) }],
  });
  const a = network(input.L, input.R, input.D);
  const b = network(input.L2, input.R2, input.D2);

  test("frequencies", async () => {
    const found = await frequencies(a);
    expect(found.shape).toEqual([input.P, expected.marginal.length]);
    expectAllClose(found.data, expected.rows.flat());
    expectAllClose(found.marginal, expected.marginal);
  });

  test("JS divergence of frequency rows", async () => {
    const [p, q] = await Promise.all([frequencies(a), frequencies(b)]);
    const rows = jsDivergence(p, q);
    expectClose(
      rows.reduce((sum, row) => sum + row, 0),
      expected.js_frequency_sum,
    );
  });

  test("Tucker effective ranks", () => {
    const { output, left, right } = tucker(a);
    expectAllClose(
      [output, left, right].map(({ effectiveRank }) => effectiveRank),
      expected.tucker_effective_ranks,
    );
  });
});
