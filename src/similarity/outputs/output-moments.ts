import { sharedEngine } from "../../engine/index.ts";
import type { Network } from "../../model/index.ts";
import { type Matrix, matrix, type Tensor } from "../../tensor/index.ts";
import { arithmeticOf } from "../closure/arithmetic.ts";
import type { Blocks } from "../closure/blocks.ts";
import { released, type Walked, walked, walkedWith } from "../closure/walk.ts";
import { comparison } from "../comparison.ts";
import type { SimilarityOptions } from "../options.ts";
import { pairOf } from "../series.ts";
import { breath } from "../sweep/breath.ts";

/** First and second moments of what two networks make of one random input. */
export interface OutputMoments {
  /** [n, dOut]: expected outputs of a at each of n positions. */
  readonly meanA: Matrix;
  /** [n, dOut] */
  readonly meanB: Matrix;
  /** [n, dOut, n, dOut]: entry [t, i, u, j] is Cov(f_a(x)[t, i], f_b(x)[u, j]). */
  readonly covariance: Tensor;
  /** True for at most one layer that is not linear; else wires between layers are taken to be normal. */
  readonly exact: boolean;
}

/**
 * Means and covariance of the outputs of two networks over inputs x ~ N(0, I), or `options.input`, drawn
 * for each position by itself: what the metric `closure` is the trace of.
 *
 * @throws {ShapeError} when a network does not fit together, or the two do not fit each other
 * @throws {RangeError} when the input is not a distribution over dIn numbers
 */
export async function outputMoments(
  a: Network,
  b: Network,
  { input, engine: asked, signal }: Pick<SimilarityOptions, "input" | "engine" | "signal"> = {},
): Promise<OutputMoments> {
  signal?.throwIfAborted();
  const how = comparison(await pairOf(a, b).known(), { input, metric: "closure" });
  const engine = typeof asked === "object" ? asked : await sharedEngine(asked);
  const turn = breath();
  const pause = async () => {
    await turn();
    signal?.throwIfAborted();
  };
  const arithmetic = arithmeticOf(engine, pause, signal);
  const n = how.positions;
  const walk = (network: Network) => walked(network, n, how.substitution, "covariance", arithmetic);
  const held: Walked[] = [];
  try {
    const one = await walk(a);
    held.push(one);
    const other = await walk(b);
    held.push(other);
    const blocks = await walkedWith(one, other, "covariance", arithmetic);
    return moments(one, other, blocks, how.rule.exact);
  } finally {
    held.forEach(released);
  }
}

function moments(a: Walked, b: Walked, blocks: Blocks, exact: boolean): OutputMoments {
  const n = blocks.positions;
  const dOut = a.means[0]!.length;
  const covariance = new Float64Array((n * dOut) ** 2);
  for (let t = 0; t < n; t++) {
    for (let u = 0; u < n; u++) {
      const block = blocks.at(t, u);
      for (let i = 0; block && i < dOut; i++) {
        const row = block.data.subarray(i * dOut, (i + 1) * dOut);
        covariance.set(row, ((t * dOut + i) * n + u) * dOut);
      }
    }
  }
  const table = (means: readonly Float64Array[]): Matrix =>
    matrix(
      n,
      dOut,
      means.flatMap((mean) => [...mean]),
    );
  return {
    meanA: table(a.means),
    meanB: table(b.means),
    covariance: { shape: [n, dOut, n, dOut], data: covariance },
    exact,
  };
}
