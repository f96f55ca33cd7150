import type { Network } from "../../model/index.ts";
import { matrixOf, type SimilarityMatrix } from "../matrix/matrix.ts";
import type { WeightOptions } from "../options.ts";
import type { PairResult } from "../pair.ts";
import { pairOf, type Series, sequenceOf } from "../series.ts";
import { collected } from "../sweep/collect.ts";
import { prepareWeights } from "./weight-pairing.ts";

/**
 * Weight cosine: the cosine of all parameters of two networks, written one after the other in the order
 * of {@link parameters}. A baseline: it also counts changes that no input could notice. With `slice`,
 * of that row of the last layer's weights only.
 *
 * @throws {ShapeError} when the networks do not have the same tensors in the same shapes
 * @throws {RangeError} when there is no such slice
 */
export async function weightCosine(
  a: Network,
  b: Network,
  options: WeightOptions = {},
): Promise<PairResult> {
  const { pairing, provenance } = await prepareWeights(pairOf(a, b), options);
  const { gram } = await collected(pairing, null, { signal: options.signal });
  return {
    value: gram.cosine(0, 0, 1),
    norms: [gram.norm(0, 0), gram.norm(0, 1)],
    ...provenance,
  };
}

/** The {@link weightCosine} of every pair of a series; see {@link similarityMatrix}. */
export async function weightCosineMatrix(
  series: Series,
  options: WeightOptions = {},
): Promise<SimilarityMatrix> {
  const start = performance.now();
  const { pairing, provenance } = await prepareWeights(sequenceOf(series), options);
  return matrixOf(await collected(pairing, null, options), series, provenance, start);
}
