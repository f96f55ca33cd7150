import type { Network } from "../model/index.ts";
import type { Numbers } from "../tensor/index.ts";
import { type Unit, withUnits } from "./units.ts";

/**
 * The network with every hidden unit of a bilinear layer written as a difference of two squares,
 *
 *     (l·x)(r·x) = (s·x)² − (t·x)²,    s = (l + r)/2,  t = (l − r)/2
 *
 * so 2m units, left equal to right in each: the same function in another basis.
 *
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when there is no such layer
 */
export function splitSquares(network: Network, layer?: number): Network {
  return withUnits(network, layer, (units) =>
    units.flatMap((unit) => [square(unit, 1), square(unit, -1)]),
  );
}

/** The unit ±(((l ± r)/2)·x)². */
function square(unit: Unit, sign: 1 | -1): Unit {
  const side: Numbers = Float64Array.from(
    unit.left,
    (entry, i) => (entry + sign * unit.right[i]!) / 2,
  );
  const bias = (unit.leftBias + sign * unit.rightBias) / 2;
  return {
    left: side,
    right: side,
    leftBias: bias,
    rightBias: bias,
    down: unit.down.map((entry) => sign * entry),
  };
}
