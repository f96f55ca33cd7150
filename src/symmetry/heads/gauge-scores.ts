import { type AttentionLayer, type Network, rotate } from "../../model/index.ts";
import { identity, type Matrix, matrix, product, transpose } from "../../tensor/index.ts";
import { inverse } from "../inverse.ts";
import { largest } from "../magnitude.ts";
import { checkGauge } from "./check-gauge.ts";
import { checkHeadCount, type Leg, type Score, withHeads } from "./heads.ts";

/** Changes of coordinates of the two scores of a head, each [dh, dh] with an inverse. */
export type ScoreGauges = readonly [first: Matrix, second: Matrix];

/**
 * The network with queries and keys of each score of an attention layer in other coordinates, biases too:
 *
 *     Q ← M Q,   K ← M⁻ᵀ K,      (M q)·(M⁻ᵀ k) = q·k
 *
 * Where there is a rotary embedding and queries meet keys of other positions, M must commute with its
 * rotations: in each plane (i, i + dh/2) a rotation times a factor, (ℂ∖{0})^(dh/2) in all.
 *
 * @param gauges - M of both scores of each head
 * @param layer - index of the attention layer; default the first
 * @throws {RangeError} when a matrix does not fit, has no inverse or does not commute with the rotations,
 * there is not a pair for each head, or no such layer
 */
export function gaugeScores(
  network: Network,
  gauges: readonly ScoreGauges[],
  layer?: number,
): Network {
  return withHeads(network, layer, (heads, found) => {
    checkHeadCount("gauge the scores", heads.length, gauges.length);
    const base = seesDistance(found, network) ? found.rotaryBase : undefined;
    return heads.map((head, h) => {
      const gauged = (s: 0 | 1): Score => {
        const act = `gauge score ${s + 1} of head ${h}`;
        const gauge = gauges[h]![s];
        checkGauge(act, gauge, head.value.shape[0]);
        const back = transpose(inverse(gauge, act));
        if (base !== undefined) checkCommutes(act, gauge, base);
        const { query, key } = head.scores[s];
        return { query: through(gauge, query), key: through(back, key) };
      };
      return { ...head, scores: [gauged(0), gauged(1)] };
    });
  });
}

/** True when a query meets keys of other positions than its own. */
export function seesDistance({ mask }: AttentionLayer, { nContext = 1 }: Network): boolean {
  return mask !== "diag" && nContext > 1;
}

function through(map: Matrix, { weight, bias }: Leg): Leg {
  return {
    weight: product(map, weight),
    bias: product(map, matrix(bias.length, 1, bias)).data,
  };
}

/** Rotations by more positions are powers of the rotation by one, so that one decides. */
function checkCommutes(act: string, gauge: Matrix, base: number): void {
  const width = gauge.shape[0];
  const turn = identity(width);
  const data = Float64Array.from(turn.data);
  for (let j = 0; j < width; j++) rotate(data, { start: j, stride: width, width }, 1, base);
  const rotation = matrix(width, width, data);
  const [before, after] = [product(gauge, rotation).data, product(rotation, gauge).data];
  const allowed = 1e-12 * largest(gauge.data);
  if (before.every((entry, i) => Math.abs(entry - after[i]!) <= allowed)) return;
  throw new RangeError(
    `Cannot ${act}: expected a matrix that commutes with the rotary embedding, found one that does not`,
  );
}
