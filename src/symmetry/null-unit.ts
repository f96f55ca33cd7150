import type { Network } from "../model/index.ts";
import { type NewUnit, unitOf } from "./new-unit.ts";
import { type Unit, withUnits } from "./units.ts";

/**
 * The network with one more hidden unit that is 0 on every input: its down is 0, or one of its sides with
 * the bias of that side. Neither the function nor the tensor changes.
 *
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when the unit is not 0 or does not fit, or there is no such layer
 */
export function addNullUnit(network: Network, unit: NewUnit, layer?: number): Network {
  return withUnits(network, layer, (units, found) => {
    const added = unitOf("add a null unit", unit, found);
    if (isNull(added)) return [...units, added];
    throw new RangeError(
      "Cannot add a null unit: expected zeros in down, or in a side and its bias, found none of them all 0",
    );
  });
}

function isNull({ left, right, down, leftBias, rightBias }: Unit): boolean {
  const zero = (entries: ArrayLike<number>) => Array.from(entries).every((entry) => entry === 0);
  return zero(down) || (leftBias === 0 && zero(left)) || (rightBias === 0 && zero(right));
}
