import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { singularValues } from "../../src/analysis/decomposition.ts";
import { type TuckerMode, tucker } from "../../src/analysis/index.ts";
import type { Network } from "../../src/model/index.ts";
import { swapSides } from "../../src/symmetry/index.ts";
import type { Matrix } from "../../src/tensor/index.ts";
import { layer } from "../support/networks.ts";
import { plain, quadratic, range } from "../support/quadratic.ts";
import { matrixOf } from "../support/vectors.ts";

/** T[o, i, j] of a layer, summed by its definition. */
function tensorOf(network: Network): (o: number, i: number, j: number) => number {
  const { left, right, down, gain = 1 } = plain(network);
  const [hidden, dIn] = left.shape;
  return (o, i, j) => {
    let sum = 0;
    for (let h = 0; h < hidden; h++) {
      const weight = gain * down.data[o * hidden + h]!;
      sum += weight * left.data[h * dIn + i]! * right.data[h * dIn + j]!;
    }
    return sum;
  };
}

describe("Tucker effective ranks", () => {
  /** By the definition: the three unfoldings of a tensor that is built. */
  function unfolded(network: Network, symmetrise: boolean): Matrix[] {
    const { left, down } = plain(network);
    const [dIn, dOut] = [left.shape[1], down.shape[0]];
    const t = tensorOf(network);
    const at = (o: number, i: number, j: number) =>
      symmetrise ? (t(o, i, j) + t(o, j, i)) / 2 : t(o, i, j);
    const [os, is] = [range(dOut), range(dIn)];
    return [
      matrixOf(os.map((o) => is.flatMap((i) => is.map((j) => at(o, i, j))))),
      matrixOf(is.map((i) => os.flatMap((o) => is.map((j) => at(o, i, j))))),
      matrixOf(is.map((j) => os.flatMap((o) => is.map((i) => at(o, i, j))))),
    ];
  }

  test.for([false, true])("are those of the unfolded tensor (symmetrise: %o)", (symmetrise) => {
    fc.assert(
      fc.property(quadratic, (network) => {
        const found = tucker(network, { symmetrise });
        const modes: TuckerMode[] = [found.output, found.left, found.right];
        for (const [k, table] of unfolded(network, symmetrise).entries()) {
          const expected = singularValues(table);
          const { singularValues: values, effectiveRank } = modes[k]!;
          for (const i of range(Math.max(values.length, expected.length))) {
            expect(values[i] ?? 0).toBeCloseTo(expected[i] ?? 0, 6);
          }
          const sum = expected.reduce((total, value) => total + value, 0);
          const entropy = Array.from(expected, (value) => value / sum)
            .filter((share) => share > 1e-13)
            .reduce((total, share) => total - share * Math.log(share), 0);
          expect(effectiveRank).toBeCloseTo(sum === 0 ? 0 : Math.exp(entropy), 5);
        }
      }),
    );
  });

  test("of equal parts are their number, of one part 1, of none 0", () => {
    const ones: Network = { layers: [layer([2, 2, 2], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1])] };
    const ranks = (network: Network) =>
      Object.values(tucker(network)).map(({ effectiveRank }) => effectiveRank);
    expect(ranks(ones)).toEqual([2, 2, 2].map((rank) => expect.closeTo(rank, 12)));
    const one: Network = { layers: [layer([2, 2, 2], [1, 1, 0, 0], [1, 0, 0, 1], [1, 0, 2, 0])] };
    expect(ranks(one)).toEqual([1, 1, 1].map((rank) => expect.closeTo(rank, 12)));
    const none: Network = { layers: [layer([2, 1, 1], [0, 0], [1, 1], [1])] };
    expect(ranks(none)).toEqual([0, 0, 0]);
    const cancelled: Network = { layers: [layer([1, 2, 1], [2, -3], [3, -1], [1, -2])] };
    expect(ranks(cancelled)).toEqual([0, 0, 0]);
  });

  test("symmetrised they do not see which side a hidden unit's factors are on", () => {
    const network: Network = {
      layers: [layer([3, 2, 1], [1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1], [1, 2])],
    };
    const swapped = swapSides(network, [true, false]);
    expect(tucker(swapped).left.effectiveRank).not.toBeCloseTo(
      tucker(network).left.effectiveRank,
      3,
    );
    const [before, after] = [network, swapped].map((one) => tucker(one, { symmetrise: true }));
    expect(after!.left.effectiveRank).toBeCloseTo(before!.left.effectiveRank, 10);
    expect(before!.right.effectiveRank).toBeCloseTo(before!.left.effectiveRank, 10);
  });
});
