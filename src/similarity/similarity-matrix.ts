import { type Collected, collected } from "./collect.ts";
import type { Gram } from "./gram.ts";
import type { Effort, Provenance, SeriesOptions } from "./options.ts";
import { deliveries, type PartialMatrix } from "./partial-matrix.ts";
import { prepare } from "./prepare.ts";
import { axisOf, type Series, sequenceOf } from "./series.ts";
import { stagesOf } from "./stages.ts";

/** Options of {@link similarityMatrix}. */
export interface MatrixOptions extends SeriesOptions {
  /**
   * Told of the matrix as it grows, coarse to fine: the first and the last network first, then those
   * between in ever smaller steps. The result is the same to the last bit, where the engine is
   * deterministic.
   */
  readonly partial?: ((matrix: PartialMatrix) => void) | undefined;
}

/** Cosines of n networks with each other. */
export interface SimilarityMatrix extends Provenance, Effort {
  readonly shape: readonly [n: number, n: number];
  /**
   * [n, n]: cosines, symmetric, not clamped. The diagonal is computed like the rest, so its distance
   * from 1 shows the rounding. 0 where a network is 0; NaN where a slice is undefined.
   */
  readonly data: Float64Array;
  /** [n]: norms ‖a_i‖ (of the slice, when there is one). */
  readonly norms: Float64Array;
  /**
   * Networks whose slice has a norm below 1e-7 of the network's: rounding would decide its direction,
   * so its row and column are NaN. Empty without a slice.
   */
  readonly undefinedAt: readonly number[];
  /** Training steps, when known. */
  readonly steps?: readonly number[];
  readonly labels?: readonly string[];
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

/** @param start - when the work began, as `performance.now()` told it */
export function matrixOf(
  { gram, ...effort }: Collected,
  series: Series,
  provenance: Provenance,
  start: number,
): SimilarityMatrix {
  const n = gram.size;
  const all = Array.from({ length: n }, (_, i) => i);
  const data = new Float64Array(n * n);
  for (const i of all) {
    for (let j = 0; j <= i; j++) {
      data[i * n + j] = gram.cosine(0, i, j);
      data[j * n + i] = data[i * n + j]!;
    }
  }
  return {
    shape: [n, n],
    data,
    norms: Float64Array.from(all, (i) => gram.norm(0, i)),
    undefinedAt: all.filter((i) => gram.isUndefined(0, i)),
    ...axisOf(series),
    ...provenance,
    ...effort,
    seconds: (performance.now() - start) / 1000,
  };
}
