import type { SeriesOptions } from "../options.ts";
import { prepare } from "../prepare.ts";
import type { Effort, Provenance } from "../provenance.ts";
import { axisOf, type Series, sequenceOf } from "../series.ts";
import { collected } from "../sweep/collect.ts";

/** Cosines of n networks with each other, output by output. */
export interface SliceMatrices extends Provenance, Effort {
  readonly shape: readonly [outputs: number, n: number, n: number];
  /** [dOut, n, n]: one similarity matrix an output, as `similarityMatrix` gives for that slice. */
  readonly data: Float64Array;
  /** [dOut, n]: norm of each output of each network. */
  readonly norms: Float64Array;
  readonly steps?: readonly number[];
  readonly labels?: readonly string[];
}

/**
 * The similarity matrices of every output in one pass, which costs no more arithmetic than one of
 * them, and dOut·n² numbers of memory. Options and errors are those of {@link similarityMatrix}.
 */
export async function sliceMatrices(
  series: Series,
  options: Omit<SeriesOptions, "slice"> = {},
): Promise<SliceMatrices> {
  const start = performance.now();
  const whole = { ...options, slice: null };
  const matrix = { extent: "matrix", memory: options.memory } as const;
  const sequence = sequenceOf(series);
  const { pairing, provenance, ...ways } = await prepare(sequence, whole, options.cache, matrix);
  const { gram, ...effort } = await collected(pairing, "each", { ...options, ...ways });
  const { size: n, tables } = gram;
  const data = new Float64Array(tables * n * n);
  const norms = new Float64Array(tables * n);
  for (let o = 0; o < tables; o++) {
    for (let i = 0; i < n; i++) {
      norms[o * n + i] = gram.norm(o, i);
      for (let j = 0; j < n; j++) data[(o * n + i) * n + j] = gram.cosine(o, i, j);
    }
  }
  return {
    shape: [tables, n, n],
    data,
    norms,
    ...axisOf(series),
    ...provenance,
    ...effort,
    seconds: (performance.now() - start) / 1000,
  };
}
