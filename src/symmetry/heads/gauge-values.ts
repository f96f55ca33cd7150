import type { Network } from "../../model/index.ts";
import { type Matrix, product } from "../../tensor/index.ts";
import { inverse } from "../inverse.ts";
import { checkGauge } from "./check-gauge.ts";
import { checkHeadCount, withHeads } from "./heads.ts";

/**
 * The network with the values of each head of an attention layer in other coordinates:
 *
 *     V ← A V,   O ← O A⁻¹
 *
 * Scores are numbers, so they pass A by, and the function stays.
 *
 * @param gauges - A of each head, [dh, dh] with an inverse
 * @param layer - index of the attention layer; default the first
 * @throws {RangeError} when a matrix does not fit or has no inverse, there is not one for each head, or
 * no such layer
 */
export function gaugeValues(network: Network, gauges: readonly Matrix[], layer?: number): Network {
  return withHeads(network, layer, (heads) => {
    checkHeadCount("gauge the values", heads.length, gauges.length);
    return heads.map((head, h) => {
      const act = `gauge the values of head ${h}`;
      const gauge = gauges[h]!;
      checkGauge(act, gauge, head.value.shape[0]);
      return {
        ...head,
        value: product(gauge, head.value),
        output: product(head.output, inverse(gauge, act)),
      };
    });
  });
}
