import type { Network } from "../../model/index.ts";
import { inOrder } from "../order.ts";
import { checkHeadCount, withHeads } from "./heads.ts";

/**
 * The network with the heads of an attention layer in another order: head h is what head order[h] was.
 * The function stays: what heads write is summed.
 *
 * @param order - each of 0 … H − 1 once
 * @param layer - index of the attention layer; default the first
 * @throws {RangeError} when order is not a permutation or there is no such layer
 */
export function permuteHeads(network: Network, order: ArrayLike<number>, layer?: number): Network {
  return withHeads(network, layer, (heads) => {
    checkHeadCount("permute the heads", heads.length, order.length);
    return inOrder("permute the heads", heads, order);
  });
}
