import type { SeriesOptions } from "../options.ts";
import { prepare } from "../prepare.ts";
import type { Effort } from "../provenance.ts";
import { type Series, sequenceOf } from "../series.ts";
import { collected } from "../sweep/collect.ts";
import type { Gram } from "../sweep/gram.ts";
import { stagesOf } from "../sweep/stages.ts";
import { matrixOf, type SimilarityMatrix } from "./matrix.ts";
import { deliveries, type PartialMatrix } from "./partial-matrix.ts";

/** Options of {@link similarityMatrix}. */
export interface MatrixOptions extends SeriesOptions {
  /**
   * Told of the matrix as it grows, coarse to fine: the first and the last network first, then those
   * between in ever smaller steps. The result is the same to the last bit, where the engine is
   * deterministic.
   */
  readonly partial?: ((matrix: PartialMatrix) => void) | undefined;
}

/**
 * The {@link similarity} of every pair of a series. Networks are loaded one at a time and kept while
 * they fit into `options.memory`; beyond it they are loaded again, with the same result.
 *
 * @throws {ShapeError} when a network does not fit together or not with the first, naming both
 * @throws {RangeError} when the series is empty or an option does not fit
 * @throws the signal's reason after it aborts
 */
export async function similarityMatrix(
  series: Series,
  options: MatrixOptions = {},
): Promise<SimilarityMatrix> {
  const start = performance.now();
  const { partial, memory } = options;
  const sequence = sequenceOf(series);
  const matrix = { extent: "matrix", memory } as const;
  const { pairing, provenance, ...ways } = await prepare(sequence, options, options.cache, matrix);
  const stages = partial && stagesOf(pairing.length);
  const grown =
    partial &&
    deliveries((gram: Gram, stage: number, effort: Omit<Effort, "seconds">) => {
      if (stage === stages?.length) return;
      const complete = stages?.[stage - 1] ?? [];
      partial({ ...matrixOf({ gram, ...effort }, series, provenance, start), complete });
    });
  const found = await collected(pairing, provenance.slice, { ...options, ...ways, stages, grown });
  return matrixOf(found, series, provenance, start);
}
