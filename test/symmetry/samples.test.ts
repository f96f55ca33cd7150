import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Network, outputs } from "../../src/model/index.ts";
import { randomMask, randomPermutation, randomScales, scramble } from "../../src/symmetry/index.ts";
import { matrices, networks } from "../support/networks.ts";
import { three } from "../support/whole-numbers.ts";

describe("samples", () => {
  test("are functions of their seed", () => {
    expect(randomPermutation(20, 4)).toEqual(randomPermutation(20, 4));
    expect(randomPermutation(20, 4)).not.toEqual(randomPermutation(20, 5));
    expect(randomScales(20, 4)).toEqual(randomScales(20, 4));
    expect(randomScales(20, 4)).not.toEqual(randomScales(20, 5));
    expect(randomMask(20, 4)).toEqual(randomMask(20, 4));
    expect(randomMask(20, 4)).not.toEqual(randomMask(20, 5));
  });

  test("randomPermutation(count) holds each of 0 … count − 1 once", () => {
    expect([...randomPermutation(9, 1)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("randomScales(count, seed, 0) are signs, of both kinds and on both sides", () => {
    const { left, right } = randomScales(50, 2, 0);
    for (const side of [left, right]) expect(new Set(side)).toEqual(new Set([-1, 1]));
  });

  test("randomMask(count, seed, share) takes none at 0 and all at 1", () => {
    expect(randomMask(5, 1, 0)).toEqual([false, false, false, false, false]);
    expect(randomMask(5, 1, 1)).toEqual([true, true, true, true, true]);
  });

  test("scramble(network, seed) changes every bilinear layer and no output", () => {
    fc.assert(
      fc.property(
        networks(["bilinear", "linear", "bilinear"], 2, 2),
        fc.nat(1000),
        matrices(3, 2),
        (stack, seed, inputs) => {
          const before = outputs(stack, inputs);
          const after = outputs(scramble(stack, seed), inputs);
          for (const [i, expected] of before.data.entries()) {
            expect(after.data[i]).toBeCloseTo(expected, 6);
          }
        },
      ),
      { numRuns: 30 },
    );
    const wide: Network = { layers: [three, three] };
    const scrambled = scramble(wide, 1);
    for (const index of [0, 1]) expect(scrambled.layers[index]).not.toEqual(three);
  });
});
