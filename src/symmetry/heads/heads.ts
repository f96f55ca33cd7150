import type { AttentionLayer, Layer, Network } from "../../model/index.ts";
import { type Matrix, matrix, type Numbers } from "../../tensor/index.ts";
import { abreast, columnsFrom, stacked } from "../blocks.ts";

/** A query or a key of a head: weight [dh, in] and bias [dh], zeros where the layer has none. */
export interface Leg {
  readonly weight: Matrix;
  readonly bias: Numbers;
}

/** One of the two scores of a head, (Q x[t] + bq) · (K x[u] + bk). */
export interface Score {
  readonly query: Leg;
  readonly key: Leg;
}

/** A head of an attention layer. */
export interface Head {
  readonly scores: readonly [first: Score, second: Score];
  /** [dh, in] */
  readonly value: Matrix;
  /** [out, dh] */
  readonly output: Matrix;
}

/**
 * The network with the heads of one attention layer replaced.
 *
 * @param layer - its index; undefined means the first of attention
 * @throws {RangeError} when there is no such layer
 */
export function withHeads(
  network: Network,
  layer: number | undefined,
  replace: (heads: readonly Head[], layer: AttentionLayer) => readonly Head[],
): Network {
  const index = layer ?? network.layers.findIndex(({ kind }) => kind === "attention");
  const found = network.layers[index];
  if (found?.kind !== "attention") {
    throw new RangeError(
      layer === undefined
        ? "Cannot transform heads: expected an attention layer, found none"
        : `Cannot transform layer ${layer}: expected an attention layer, found ${found?.kind ?? "no layer"}`,
    );
  }
  const layers: Layer[] = [...network.layers];
  layers[index] = layerOf(replace(headsOf(found), found), found);
  return { ...network, layers };
}

/** The heads of a layer, in order. */
export function headsOf(layer: AttentionLayer): Head[] {
  const width = headWidth(layer);
  return Array.from({ length: layer.heads }, (_, h) => {
    const rows = ({ shape: [, dIn], data }: Matrix) =>
      matrix(width, dIn, data.slice(h * width * dIn, (h + 1) * width * dIn));
    const leg = (weight: Matrix, bias: Numbers | undefined): Leg => ({
      weight: rows(weight),
      bias: bias?.slice(h * width, (h + 1) * width) ?? new Float64Array(width),
    });
    return {
      scores: [
        { query: leg(layer.query1, layer.query1Bias), key: leg(layer.key1, layer.key1Bias) },
        { query: leg(layer.query2, layer.query2Bias), key: leg(layer.key2, layer.key2Bias) },
      ],
      value: rows(layer.value),
      output: columnsFrom(layer.output, h * width, width),
    };
  });
}

/** Width dh of the heads of a layer. */
export function headWidth({ query1, heads }: AttentionLayer): number {
  return query1.shape[0] / heads;
}

/** The layer with these heads instead; a bias it did not have appears only when a head needs it. */
function layerOf(heads: readonly Head[], layer: AttentionLayer): AttentionLayer {
  const bias = (name: string, before: Numbers | undefined, of: (head: Head) => Leg) => {
    const entries = Float64Array.from(heads.flatMap((head) => [...of(head).bias]));
    return before || entries.some((entry) => entry !== 0) ? { [name]: entries } : {};
  };
  const query1 = ({ scores }: Head) => scores[0].query;
  const key1 = ({ scores }: Head) => scores[0].key;
  const query2 = ({ scores }: Head) => scores[1].query;
  const key2 = ({ scores }: Head) => scores[1].key;
  return {
    ...layer,
    heads: heads.length,
    query1: stacked(heads.map((head) => query1(head).weight)),
    key1: stacked(heads.map((head) => key1(head).weight)),
    query2: stacked(heads.map((head) => query2(head).weight)),
    key2: stacked(heads.map((head) => key2(head).weight)),
    value: stacked(heads.map(({ value }) => value)),
    output: abreast(heads.map(({ output }) => output)),
    ...bias("query1Bias", layer.query1Bias, query1),
    ...bias("key1Bias", layer.key1Bias, key1),
    ...bias("query2Bias", layer.query2Bias, query2),
    ...bias("key2Bias", layer.key2Bias, key2),
  };
}

/** @throws {RangeError} when there is not one entry for each head */
export function checkHeadCount(act: string, expected: number, found: number): void {
  if (found === expected) return;
  throw new RangeError(
    `Cannot ${act} of a layer: expected ${expected} entries, one for each head, found ${found}`,
  );
}
