import type { Effort, Provenance } from "../provenance.ts";
import { axisOf, type Series } from "../series.ts";
import type { Collected } from "../sweep/collect.ts";

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
