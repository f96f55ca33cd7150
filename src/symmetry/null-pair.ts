import type { Network } from "../model/index.ts";
import { withUnits } from "./units.ts";

/** A hidden unit to add: left, right [dIn], down [dOut], biases 0 unless given. */
export interface NewUnit {
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  readonly down: ArrayLike<number>;
  readonly leftBias?: number;
  readonly rightBias?: number;
}

/**
 * The network with two more hidden units, (l, r, d) and (r, l, −d), which cancel on every input:
 * (l·x)(r·x) d − (r·x)(l·x) d = 0. The function stays; the tensor before symmetrising does not.
 *
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when a side has not dIn entries or down has not dOut, or there is no such layer
 */
export function addNullPair(network: Network, unit: NewUnit, layer?: number): Network {
  return withUnits(network, layer, (units, { left, down }) => {
    const added = {
      left: entries(unit.left, left.shape[1], "left"),
      right: entries(unit.right, left.shape[1], "right"),
      down: entries(unit.down, down.shape[0], "down"),
      leftBias: unit.leftBias ?? 0,
      rightBias: unit.rightBias ?? 0,
    };
    const mirrored = {
      left: added.right,
      right: added.left,
      down: added.down.map((entry) => -entry),
      leftBias: added.rightBias,
      rightBias: added.leftBias,
    };
    return [...units, added, mirrored];
  });
}

function entries(found: ArrayLike<number>, expected: number, name: string): Float64Array {
  if (found.length === expected) return Float64Array.from(found);
  throw new RangeError(
    `Cannot add a null pair: expected ${name} of ${expected} entries, found ${found.length}`,
  );
}
