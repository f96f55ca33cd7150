import type { Network } from "../model/index.ts";
import { checkCount, withUnits } from "./units.ts";

/**
 * The network with left and right exchanged in the hidden units that `mask` marks:
 * (l·x)(r·x) = (r·x)(l·x), so the function stays.
 *
 * @param mask - [m]; true (or not 0) where the sides change places
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when there is not one entry for each unit, or no such layer
 */
export function swapSides(
  network: Network,
  mask: ArrayLike<boolean | number>,
  layer?: number,
): Network {
  return withUnits(network, layer, (units) => {
    checkCount("swap the sides", units.length, mask.length);
    return units.map((unit, h) =>
      mask[h]
        ? {
            left: unit.right,
            leftBias: unit.rightBias,
            right: unit.left,
            rightBias: unit.leftBias,
            down: unit.down,
          }
        : unit,
    );
  });
}
