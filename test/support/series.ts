import { type Network, type NetworkSeries, randomBilinear } from "../../src/model/index.ts";
import type { SimilarityMatrix } from "../../src/similarity/index.ts";

/** Seven networks of different sizes. */
export const networks = Array.from({ length: 7 }, (_, seed) =>
  randomBilinear({ dIn: 3, dHidden: 4 + (seed % 3), dOut: 2, seed }),
);
/** Four hidden units of 3 + 3 + 2 numbers of 8 bytes: 256 bytes each. */
export const sameSize = Array.from({ length: 7 }, (_, seed) =>
  randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed }),
);
/** Of one width, so that weights can be compared. */
export const equal = sameSize.slice(0, 4);

/** A series that counts what is read. */
export function series(read: number[] = [], own: readonly Network[] = networks): NetworkSeries {
  return {
    length: own.length,
    steps: own.map((_, index) => 100 * index),
    labels: own.map((_, index) => `step_${100 * index}`),
    async network(index) {
      read.push(index);
      return own[index]!;
    },
  };
}

/** All numbers of a matrix. */
export const numbersOf = ({ data, norms }: SimilarityMatrix) => ({ data, norms });
