import type { Network } from "../../model/index.ts";
import { seesDistance } from "./gauge-scores.ts";
import { checkHeadCount, type Score, withHeads } from "./heads.ts";

/**
 * The network with the two scores of an attention layer exchanged, (Q1, K1) ↔ (Q2, K2), in the heads that
 * `mask` marks: their product does not depend on the order.
 *
 * @param mask - [H]; true (or not 0) where the scores change places
 * @param layer - index of the attention layer; default the first
 * @throws {RangeError} when there is not one entry for each head, or no such layer
 */
export function swapScores(
  network: Network,
  mask: ArrayLike<boolean | number>,
  layer?: number,
): Network {
  return withHeads(network, layer, (heads) => {
    checkHeadCount("swap the scores", heads.length, mask.length);
    return heads.map((head, h) =>
      mask[h] ? { ...head, scores: [head.scores[1], head.scores[0]] } : head,
    );
  });
}

/**
 * The network with query and key exchanged, Q1 ↔ K1 and Q2 ↔ K2, in the scores of an attention layer that
 * the masks mark. The function stays where queries meet keys of their own position only: with a diagonal
 * mask, or one position.
 *
 * @param masks - [H] for either score; true (or not 0) where query and key change places
 * @param layer - index of the attention layer; default the first
 * @throws {RangeError} when queries meet keys of other positions, there is not one entry for each head, or
 * no such layer
 */
export function swapQueryKey(
  network: Network,
  masks: readonly [first: ArrayLike<boolean | number>, second: ArrayLike<boolean | number>],
  layer?: number,
): Network {
  return withHeads(network, layer, (heads, found) => {
    if (seesDistance(found, network)) {
      throw new RangeError(
        `Cannot swap queries and keys of a layer: expected a diagonal mask or one position, found mask "${found.mask ?? "causal"}" and ${network.nContext} positions`,
      );
    }
    for (const mask of masks) checkHeadCount("swap queries and keys", heads.length, mask.length);
    const swapped = ({ query, key }: Score): Score => ({ query: key, key: query });
    return heads.map((head, h) => ({
      ...head,
      scores: [
        masks[0][h] ? swapped(head.scores[0]) : head.scores[0],
        masks[1][h] ? swapped(head.scores[1]) : head.scores[1],
      ],
    }));
  });
}
