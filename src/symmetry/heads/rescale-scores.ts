import type { Network } from "../../model/index.ts";
import { scaled } from "../../tensor/index.ts";
import { checkHeadCount, type Leg, withHeads } from "./heads.ts";

/** Factors of a head, none of them 0. */
export interface ScoreScales {
  readonly query1: number;
  readonly key1: number;
  readonly query2: number;
  readonly key2: number;
}

/**
 * The network with queries and keys of each head of an attention layer times factors, biases too, and its
 * output over all four: a head is linear in each, so the function stays.
 *
 *     Q1 ← α Q1,  K1 ← β K1,  Q2 ← γ Q2,  K2 ← δ K2,  O ← O / (α β γ δ)
 *
 * @param scales - α, β, γ, δ of each head
 * @param layer - index of the attention layer; default the first
 * @throws {RangeError} when a factor is 0 or not finite, there are not four for each head, or no such layer
 */
export function rescaleScores(
  network: Network,
  scales: readonly ScoreScales[],
  layer?: number,
): Network {
  return withHeads(network, layer, (heads) => {
    checkHeadCount("rescale the scores", heads.length, scales.length);
    return heads.map((head, h) => {
      const { query1, key1, query2, key2 } = scales[h]!;
      for (const factor of [query1, key1, query2, key2]) {
        if (factor !== 0 && Number.isFinite(factor)) continue;
        throw new RangeError(
          `Cannot rescale the scores of head ${h}: expected finite factors other than 0, found ${factor}`,
        );
      }
      const [first, second] = head.scores;
      return {
        ...head,
        scores: [
          { query: times(first.query, query1), key: times(first.key, key1) },
          { query: times(second.query, query2), key: times(second.key, key2) },
        ],
        output: scaled(head.output, 1 / (query1 * key1 * query2 * key2)),
      };
    });
  });
}

function times({ weight, bias }: Leg, factor: number): Leg {
  return { weight: scaled(weight, factor), bias: bias.map((entry) => factor * entry) };
}
