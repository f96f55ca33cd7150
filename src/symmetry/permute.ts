import type { Network } from "../model/index.ts";
import { inOrder } from "./order.ts";
import { checkCount, withUnits } from "./units.ts";

/**
 * The network with the hidden units of a bilinear layer in another order: unit h is what unit order[h]
 * was. The function stays: a sum does not depend on the order of its terms.
 *
 * @param order - each of 0 … m − 1 once
 * @param layer - index of the bilinear layer; default the first
 * @throws {RangeError} when order is not a permutation or there is no such layer
 */
export function permuteHidden(network: Network, order: ArrayLike<number>, layer?: number): Network {
  return withUnits(network, layer, (units) => {
    checkCount("permute the hidden units", units.length, order.length);
    return inOrder("permute the hidden units", units, order);
  });
}
