import type { Network } from "../model/index.ts";
import { type NewUnit, unitOf } from "./new-unit.ts";
import { withUnits } from "./units.ts";

/**
 * The network with two more hidden units, (l, r, d) and (r, l, −d), which cancel on every input:
 * (l·x)(r·x) d − (r·x)(l·x) d = 0. The function stays; the tensor before symmetrising does not.
 *
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when a side has not dIn entries or down has not dOut, or there is no such layer
 */
export function addNullPair(network: Network, unit: NewUnit, layer?: number): Network {
  return withUnits(network, layer, (units, found) => {
    const added = unitOf("add a null pair", unit, found);
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
