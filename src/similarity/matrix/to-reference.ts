import type { SeriesOptions } from "../options.ts";
import { prepare } from "../prepare.ts";
import type { Effort, Provenance } from "../provenance.ts";
import { axisOf, type Series, sequenceOf } from "../series.ts";
import { collected } from "../sweep/collect.ts";

/** Cosines of the networks of a series with one of them. */
export interface ReferenceCurve extends Provenance, Effort {
  readonly shape: readonly [n: number];
  /** [n]: that row of the similarity matrix; to the last bit where both take the same route. */
  readonly data: Float64Array;
  /** [n]: norms (of the slice, when there is one). */
  readonly norms: Float64Array;
  readonly undefinedAt: readonly number[];
  /** Index of the network compared with. */
  readonly reference: number;
  readonly steps?: readonly number[];
  readonly labels?: readonly string[];
}

/**
 * The {@link similarity} of every network of a series to one of them: one row of the matrix for
 * 2n − 1 of its n(n + 1)/2 pairs. Options and errors are those of {@link similarityMatrix}.
 *
 * @param reference - index of the network to compare with
 * @throws {RangeError} when there is no such network
 */
export async function toReference(
  series: Series,
  reference: number,
  options: SeriesOptions = {},
): Promise<ReferenceCurve> {
  const start = performance.now();
  const sequence = sequenceOf(series);
  const n = sequence.length;
  if (!(Number.isInteger(reference) && reference >= 0 && reference < n)) {
    throw new RangeError(
      `Cannot compare with network ${reference}: expected an index from 0 to ${n - 1}, found ${reference}`,
    );
  }
  const { pairing, provenance, recall } = await prepare(sequence, options, options.cache);
  const { gram, ...effort } = await collected(pairing, provenance.slice, {
    ...options,
    recall,
    wanted: (row, column) => row === column || row === reference || column === reference,
  });
  const all = Array.from({ length: n }, (_, i) => i);
  return {
    shape: [n],
    data: Float64Array.from(all, (i) => gram.cosine(0, reference, i)),
    norms: Float64Array.from(all, (i) => gram.norm(0, i)),
    undefinedAt: all.filter((i) => gram.isUndefined(0, i)),
    reference,
    ...axisOf(series),
    ...provenance,
    ...effort,
    seconds: (performance.now() - start) / 1000,
  };
}
