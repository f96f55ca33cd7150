import { type AttentionLayer, looksAt } from "../../model/index.ts";
import { type Matrix, matrix } from "../../tensor/index.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Blocks } from "./blocks.ts";
import { type Head, legCount, type Source } from "./leg-table.ts";
import { Once } from "./once.ts";
import { type HeadMoments, headMoments } from "./own-legs.ts";
import type { Turns } from "./turns.ts";

interface Heads {
  readonly layer: AttentionLayer;
  /** [5 · H · width, d]: Q1, K1, Q2, K2, V one above the other. */
  readonly legs: Matrix;
  /** For each position the means of the legs before rotation, [5 · H · width]; undefined when all are 0. */
  readonly legMeans: readonly Float64Array[] | undefined;
  readonly turns: Turns | undefined;
  readonly covariance: Blocks;
  /** Whether positions are independent and alike. */
  readonly alike: boolean;
  /** [out, H · width] */
  readonly output: Matrix;
}

/** What heads write at a normal wire. */
export interface AttentionMoments {
  /** [positions][H · width]: E[z]. */
  readonly written: readonly Float64Array[];
  /** E[∂(O z_t)/∂x_p], [out, d]; undefined is 0. Computed when asked for. */
  readonly slope: (t: number, p: number) => Promise<Matrix | undefined>;
}

/** The expected output of all heads, and its expected derivative, by {@link headMoments}. */
export async function attentionMoments(
  { layer, legs, legMeans, turns, covariance, alike, output }: Heads,
  { times, pause }: Arithmetic,
): Promise<AttentionMoments> {
  const { positions } = covariance;
  const { heads } = layer;
  const [rows, d] = layer.query1.shape;
  const width = rows / heads;
  const size = legCount * width;
  const sees = (t: number, u: number) => looksAt(layer.mask, t, u);
  const grams = new Once<Promise<Float64Array[]>>();
  const known = new Once<Promise<HeadMoments[]>>();
  const moments = (t: number, u: number): Promise<HeadMoments[]> =>
    known.of(alike ? [u - t] : [t, u], () => momentsAt(t, u));
  const written = Array.from({ length: positions }, () => new Float64Array(rows));
  for (let t = 0; legMeans && t < positions; t++) {
    for (let u = 0; u < positions; u++) {
      if (!sees(t, u)) continue;
      for (const [index, { mean }] of (await moments(t, u)).entries()) {
        for (let i = 0; i < width; i++) written[t]![index * width + i]! += mean[i]!;
      }
    }
    await pause();
  }
  const summed = new Once<Promise<Matrix>>();
  const nonzero = new Once<readonly Slope[]>();
  return { written, slope };

  async function momentsAt(t: number, u: number): Promise<HeadMoments[]> {
    const between = new Map<number, Float64Array[]>();
    for (const [s, p] of [
      [t, t],
      [t, u],
      [u, t],
      [u, u],
    ] as const) {
      const block = covariance.at(s, p);
      if (block) between.set(s * positions + p, await grams.of([block], () => ownGrams(block)));
    }
    return Array.from({ length: heads }, (_, index) => {
      const head: Head = { width, turns, query: t, key: u };
      const source = (s: number, p: number): Source | undefined => {
        const data = between.get(s * positions + p)?.[index];
        const start = (x: number, y: number) => (x * size + y) * width;
        return data && { data, row: size, column: 1, start };
      };
      const at = legMeans && ((position: number) => legMeans[position]!);
      return headMoments(head, source, at && { index, heads, at });
    });
  }

  async function ownGrams(block: Matrix): Promise<Float64Array[]> {
    const grams: Float64Array[] = [];
    for (let head = 0; head < heads; head++) {
      const own = matrix(legCount * width, d);
      for (let leg = 0; leg < legCount; leg++) {
        const from = (leg * rows + head * width) * d;
        own.data.set(legs.data.subarray(from, from + width * d), leg * width * d);
      }
      const half = await times(own, block);
      grams.push((await times(half, own, { transposeB: true })).data as Float64Array);
    }
    return grams;
  }

  /** Queries are read at t itself, keys and values at every u it sees. */
  async function slope(t: number, p: number): Promise<Matrix | undefined> {
    const terms: Slope[] = [];
    if (sees(t, p)) terms.push(...slopesOf(await moments(t, p), atKey));
    for (let u = 0; t === p && u < positions; u++) {
      // The derivative by a query keeps an odd number of legs at the key; of mean 0 unless all are there.
      if (alike && !legMeans && u !== t) continue;
      if (sees(t, u)) terms.push(...slopesOf(await moments(t, u), atQuery));
    }
    if (terms.length === 0) return undefined;
    // Many positions have the same terms.
    const keys = terms.flatMap(({ moments, legs }) => [moments, legs]);
    return summed.of(keys, async () => times(output, await times(derivativeOf(terms), legs)));
  }

  /** Σ of the terms, [H · width, 5 · H · width]: one block for each head and leg. */
  function derivativeOf(terms: readonly Slope[]): Matrix {
    const columns = legCount * rows;
    const derivative = matrix(rows, columns);
    for (const { head, moments, legs: which } of terms) {
      for (const leg of which) {
        for (let r = 0; r < width; r++) {
          const to = head * width * columns + leg * rows + head * width + r;
          for (let c = 0; c < width; c++) {
            derivative.data[to + c * columns]! += moments.slope[(leg * width + r) * width + c]!;
          }
        }
      }
    }
    return derivative;
  }

  /** Those of the heads that are not 0. */
  function slopesOf(from: readonly HeadMoments[], legs: readonly number[]): readonly Slope[] {
    const block = width * width;
    return nonzero.of([from, legs], () =>
      from.flatMap((moments, head) =>
        legs.some((leg) => moments.slope.subarray(leg * block, (leg + 1) * block).some(Boolean))
          ? [{ head, moments, legs }]
          : [],
      ),
    );
  }
}

/** Legs read at the query position, and at the key position. */
const atQuery: readonly number[] = [0, 2];
const atKey: readonly number[] = [1, 3, 4];

/** Derivatives of what a head writes by some of its legs. */
interface Slope {
  readonly head: number;
  readonly moments: HeadMoments;
  readonly legs: readonly number[];
}
