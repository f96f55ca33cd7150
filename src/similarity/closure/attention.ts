import { type AttentionLayer, looksAt } from "../../model/index.ts";
import { identity, type Matrix, matrix, scaled } from "../../tensor/index.ts";
import { type Arithmetic, applied, bytesOf, float64 } from "./arithmetic.ts";
import { withAfter } from "./bilinear.ts";
import type { Blocks } from "./blocks.ts";
import { type Head, legCount, type Source } from "./leg-table.ts";
import { Once } from "./once.ts";
import { type HeadMoments, headMoments } from "./own-legs.ts";
import type { Stage } from "./stages.ts";
import { Turns } from "./turns.ts";

/** What pairs need to know of an attention layer in one network, the linear map after it included. */
export interface AttentionTrace {
  readonly kind: "attention";
  readonly heads: number;
  readonly width: number;
  readonly turns: Turns | undefined;
  readonly looksAt: (t: number, u: number) => boolean;
  /** [5 · H · width, d]: Q1, K1, Q2, K2, V one above the other. */
  readonly legs: Matrix;
  /** For each position the means of the legs before rotation, [5 · H · width]; undefined when all are 0. */
  readonly legMeans: readonly Float64Array[] | undefined;
  /** Covariances of the legs of one head between two positions before rotation, [5 · width, 5 · width]. */
  readonly own: (head: number) => (s: number, t: number) => Source | undefined;
  /** True when no two positions covary. */
  readonly apart: boolean;
  /** True when covariances and means depend on differences of positions only. */
  readonly steady: boolean;
  /** [out, H · width]: gain / width² · W O. */
  readonly output: Matrix;
  /** [out, d]: residual · W; undefined is 0. */
  readonly through: Matrix | undefined;
  /** E[∂(active part of y_t)/∂x_p], [out, d]; undefined is 0. */
  readonly slope: (t: number, p: number) => Promise<Matrix | undefined>;
  /** [positions][H · width]: E[z]. */
  readonly written: readonly Float64Array[];
  /** [positions][out] */
  readonly means: readonly Float64Array[];
  readonly bytes: number;
}

/** The layer at a normal wire of these means and covariances; exact. */
export async function attentionTrace(
  { layer, after }: Stage & { readonly layer: AttentionLayer },
  means: readonly Float64Array[],
  covariance: Blocks,
  { times, pause }: Arithmetic,
): Promise<AttentionTrace> {
  const positions = means.length;
  const { heads, residual = 0, gain = 1, rotaryBase } = layer;
  const [rows, d] = layer.query1.shape;
  const width = rows / heads;
  const turns = rotaryBase === undefined ? undefined : new Turns(positions, width, rotaryBase);
  const sees = (t: number, u: number) => looksAt(layer.mask, t, u);
  const legs = matrix(legCount * rows, d);
  const parts = [layer.query1, layer.key1, layer.query2, layer.key2, layer.value];
  for (const [k, part] of parts.entries()) legs.data.set(part.data, k * rows * d);
  const legMeans = legMeansOf(layer, legs, means);
  const once = new Once<Promise<Float64Array[]>>();
  const grams: (Float64Array[] | undefined)[] = [];
  for (let s = 0; s < positions; s++) {
    for (let t = 0; t < positions; t++) {
      const block = covariance.at(s, t);
      grams.push(block && (await once.of([block], () => ownGrams(block))));
      await pause();
    }
  }
  const size = legCount * width;
  const gramBytes = 8 * heads * size ** 2 * new Set(grams.filter(Boolean)).size;
  const own = (head: number) => (s: number, t: number) => {
    const data = grams[s * positions + t]?.[head];
    return (
      data && {
        data,
        row: size,
        column: 1,
        start: (x: number, y: number) => (x * size + y) * width,
      }
    );
  };
  const steady = covariance.steady && (legMeans?.every((mean) => mean === legMeans[0]) ?? true);
  const bare = scaled(layer.output, gain / width ** 2);
  const output = after ? await times(after.weight, bare) : bare;

  const known = new Once<HeadMoments[]>();
  const moments = (t: number, u: number): HeadMoments[] =>
    known.of(steady ? [u - t] : [t, u], () =>
      Array.from({ length: heads }, (_, index) => {
        const head: Head = { width, turns, query: t, key: u };
        const at = legMeans && ((position: number) => legMeans[position]!);
        return headMoments(head, own(index), at && { index, heads, at });
      }),
    );
  const written = means.map(() => new Float64Array(rows));
  for (let t = 0; t < positions; t++) {
    for (let u = 0; u < positions; u++) {
      if (!sees(t, u)) continue;
      for (const [index, { mean }] of moments(t, u).entries()) {
        for (let i = 0; i < width; i++) written[t]![index * width + i]! += mean[i]!;
      }
    }
    await pause();
  }
  const summed = new Once<Promise<Matrix>>();
  const nonzero = new Once<readonly Slope[]>();
  return {
    kind: "attention",
    heads,
    width,
    turns,
    looksAt: sees,
    legs,
    legMeans,
    own,
    apart: covariance.apart,
    steady,
    output,
    through: residual === 0 ? undefined : scaled(after?.weight ?? identity(d), residual),
    slope,
    written,
    bytes: bytesOf([legs, output]) + gramBytes,
    means: written.map((z, t) => {
      const active = applied(float64(layer.output), z);
      return withAfter(
        active.map(
          (entry, o) =>
            (gain / width ** 2) * entry + (residual === 0 ? 0 : residual * means[t]![o]!),
        ),
        after,
      );
    }),
  };

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
  function slope(t: number, p: number): Promise<Matrix | undefined> {
    const terms: Slope[] = [];
    if (sees(t, p)) terms.push(...slopesOf(moments(t, p), atKey));
    for (let u = 0; t === p && u < positions; u++) {
      if (sees(t, u)) terms.push(...slopesOf(moments(t, u), atQuery));
    }
    if (terms.length === 0) return Promise.resolve(undefined);
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

function legMeansOf(
  layer: AttentionLayer,
  legs: Matrix,
  means: readonly Float64Array[],
): readonly Float64Array[] | undefined {
  const rows = layer.query1.shape[0];
  const biases = new Float64Array(legCount * rows);
  const parts = [layer.query1Bias, layer.key1Bias, layer.query2Bias, layer.key2Bias];
  for (const [k, bias] of parts.entries()) if (bias) biases.set(bias, k * rows);
  const once = new Once<Float64Array>();
  const found = means.map((mean) => once.of([mean], () => applied(legs, mean, biases)));
  return found.every((mean) => mean.every((entry) => entry === 0)) ? undefined : found;
}
