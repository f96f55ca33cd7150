import { describe, expect, test } from "vitest";
import { type Network, parameters } from "../../src/model/index.ts";
import { perturb } from "../../src/symmetry/index.ts";
import { matrix } from "../../src/tensor/index.ts";
import { three } from "../support/whole-numbers.ts";

describe("perturb(network, amount, seed)", () => {
  const biased: Network = {
    layers: [
      { kind: "linear", weight: matrix(1, 1, [2]), bias: Float64Array.of(3) },
      {
        ...three,
        leftBias: Float64Array.of(1, 1, 1),
        rightBias: Float64Array.of(1, 1, 1),
        downBias: Float64Array.of(1),
      },
    ],
  };

  test("is the network itself at amount 0", () => {
    expect(perturb(biased, 0, 5)).toEqual(biased);
  });

  test("moves every tensor along a straight line", () => {
    const near = flat(perturb(biased, 0.25, 5));
    const far = flat(perturb(biased, 0.5, 5));
    const start = flat(biased);
    expect(start.length).toBe(18);
    for (const [i, entry] of start.entries()) {
      expect(near[i]).not.toBe(entry);
      expect(far[i]! - entry).toBeCloseTo(2 * (near[i]! - entry), 12);
    }
  });

  test("reaches every tensor of attention", () => {
    const ones = matrix(2, 2, [1, 1, 1, 1]);
    const bias = Float64Array.of(1, 1);
    const heads = {
      kind: "attention" as const,
      heads: 1,
      ...{ query1: ones, key1: ones, query2: ones, key2: ones, value: ones, output: ones },
      ...{ query1Bias: bias, key1Bias: bias, query2Bias: bias, key2Bias: bias },
    };
    const moved = perturb({ layers: [heads], nContext: 2 }, 0.5, 1);
    expect(moved.nContext).toBe(2);
    expect(flat(moved).length).toBe(6 * 4 + 4 * 2);
    expect(flat(moved).every((entry) => entry !== 1)).toBe(true);
  });

  test("adds noise in proportion to each tensor's root mean square", () => {
    const large: Network = {
      layers: [{ kind: "linear", weight: matrix(200, 50, new Float64Array(10_000).fill(8)) }],
    };
    const noise = flat(perturb(large, 0.5, 1)).map((entry) => (entry - 8) / 4);
    const mean = noise.reduce((sum, entry) => sum + entry, 0) / noise.length;
    const square = noise.reduce((sum, entry) => sum + entry * entry, 0) / noise.length;
    // Standard errors of 10,000 draws: 0.01 and 0.014.
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(square - 1)).toBeLessThan(0.07);
  });
});

function flat(network: Network): number[] {
  return parameters(network).flatMap(({ data }) => [...data]);
}
