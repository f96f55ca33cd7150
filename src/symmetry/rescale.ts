import type { Network } from "../model/index.ts";
import type { Numbers } from "../tensor/index.ts";
import { checkCount, withUnits } from "./units.ts";

/** A factor for either side of each hidden unit: [m] and [m], none of them 0. */
export interface Scales {
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
}

/**
 * The network with each hidden unit's left side times `left[h]`, its right side times `right[h]`, and its
 * outputs over both: (αl·x)(βr·x) d/(αβ) = (l·x)(r·x) d, so the function stays. Factors −1 flip signs.
 *
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when a factor is 0 or not finite, or there is not one for each unit
 */
export function rescaleHidden(network: Network, { left, right }: Scales, layer?: number): Network {
  return withUnits(network, layer, (units) => {
    checkCount("rescale the left sides", units.length, left.length);
    checkCount("rescale the right sides", units.length, right.length);
    return units.map((unit, h) => {
      const [alpha, beta] = [factorAt(left, h), factorAt(right, h)];
      return {
        left: times(unit.left, alpha),
        leftBias: unit.leftBias * alpha,
        right: times(unit.right, beta),
        rightBias: unit.rightBias * beta,
        down: times(unit.down, 1 / (alpha * beta)),
      };
    });
  });
}

function factorAt(factors: ArrayLike<number>, h: number): number {
  const factor = factors[h]!;
  if (factor !== 0 && Number.isFinite(factor)) return factor;
  throw new RangeError(
    `Cannot rescale hidden unit ${h}: expected a finite factor other than 0, found ${factor}`,
  );
}

function times(row: Numbers, factor: number): Numbers {
  return Float64Array.from(row, (entry) => factor * entry);
}
