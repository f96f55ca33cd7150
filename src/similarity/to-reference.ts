import { Flight } from "./flight.ts";
import { Gram } from "./gram.ts";
import { Holding } from "./holding.ts";
import type { Provenance, SeriesOptions } from "./options.ts";
import type { Held } from "./pairing.ts";
import { prepare } from "./prepare.ts";
import { axisOf, type Series, sequenceOf } from "./series.ts";
import { breath } from "./sweep.ts";

/** Cosines of the networks of a series with one of them. */
export interface ReferenceCurve extends Provenance {
  readonly shape: readonly [n: number];
  /** [n]: that row of the similarity matrix, to the last bit. */
  readonly data: Float64Array;
  /** [n]: norms (of the slice, when there is one). */
  readonly norms: Float64Array;
  readonly undefinedAt: readonly number[];
  /** Index of the network compared with. */
  readonly reference: number;
  readonly steps?: readonly number[];
  readonly labels?: readonly string[];
  /** Wall time, loading included. */
  readonly seconds: number;
}

/**
 * The {@link similarity} of every network of a series to one of them: one row of the matrix for about
 * 2n of its n(n + 1)/2 pairs, a few networks in memory at one time. Options and errors are
 * those of {@link similarityMatrix}.
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
  const { pairing, provenance } = await prepare(sequence, options);
  const { signal, progress } = options;
  const gram = new Gram(n, provenance.slice);
  const flight = new Flight(pairing.lanes);
  const held = new Holding(pairing, flight, options.memory);
  /** The later network first, as in the matrix. */
  const pair = async (later: Held, row: number, other: Held, column: number) => {
    const products = await pairing.row(later, [other]);
    signal?.throwIfAborted();
    gram.set(row, column, products, later.rounding);
  };
  const pause = breath();
  let done = 0;
  progress?.(done, n);
  try {
    const fixed = await held.load(reference);
    const compare = async (network: Held, i: number) => {
      const own = pair(network, i, network, i);
      if (i < reference) await Promise.all([own, pair(fixed, reference, network, i)]);
      else if (i > reference) await Promise.all([own, pair(network, i, fixed, reference)]);
      else await own;
      if (network !== fixed) held.release(network);
      done++;
      progress?.(done, n);
    };
    for (let i = 0; i < n; i++) {
      await flight.room();
      signal?.throwIfAborted();
      flight.begin(compare(i === reference ? fixed : await held.load(i), i));
      await pause();
    }
    await flight.landed();
    signal?.throwIfAborted();
  } finally {
    await flight.settled();
    held.clear();
  }
  const all = Array.from({ length: n }, (_, i) => i);
  return {
    shape: [n],
    data: Float64Array.from(all, (i) => gram.cosine(0, reference, i)),
    norms: Float64Array.from(all, (i) => gram.norm(0, i)),
    undefinedAt: all.filter((i) => gram.isUndefined(0, i)),
    reference,
    ...axisOf(series),
    ...provenance,
    seconds: (performance.now() - start) / 1000,
  };
}
