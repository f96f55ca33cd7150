import { type Matrix, matrix, type Numbers } from "../tensor/index.ts";
import { affine } from "./affine.ts";
import type { AttentionLayer, Mask } from "./network.ts";
import { rotate } from "./rotary.ts";

/** True when the query at position t looks at the key at position u. */
export function looksAt(mask: Mask | undefined, t: number, u: number): boolean {
  if (mask === "none") return true;
  return mask === "diag" ? t === u : u <= t;
}

/**
 * What the heads of an attention layer write, before the residual: O z, see {@link AttentionLayer}.
 *
 * @param x - [N · positions, in], the positions of an input one after the other
 */
export function attended(x: Matrix, layer: AttentionLayer, positions: number): Matrix {
  const rows = x.shape[0];
  const all = layer.query1.shape[0];
  const width = all / layer.heads;
  const legs = (weight: Matrix, bias: Numbers | undefined): Float64Array => {
    const y = affine(x, weight, bias);
    const data = Float64Array.from(y.data);
    if (layer.rotaryBase === undefined) return data;
    for (let row = 0; row < rows; row++) {
      for (let start = row * all; start < (row + 1) * all; start += width) {
        rotate(data, { start, stride: 1, width }, row % positions, layer.rotaryBase);
      }
    }
    return data;
  };
  const q1 = legs(layer.query1, layer.query1Bias);
  const k1 = legs(layer.key1, layer.key1Bias);
  const q2 = legs(layer.query2, layer.query2Bias);
  const k2 = legs(layer.key2, layer.key2Bias);
  const v = affine(x, layer.value, undefined).data;
  const z = new Float64Array(rows * all);
  for (let row = 0; row < rows; row++) {
    const t = row % positions;
    for (let u = 0; u < positions; u++) {
      if (!looksAt(layer.mask, t, u)) continue;
      const key = row - t + u;
      for (let start = 0; start < all; start += width) {
        const [query, at] = [row * all + start, key * all + start];
        const score = (dot(q1, query, k1, at, width) * dot(q2, query, k2, at, width)) / width ** 2;
        for (let i = 0; i < width; i++) z[query + i]! += score * v[at + i]!;
      }
    }
  }
  return affine(matrix(rows, all, z), layer.output, undefined);
}

function dot(a: Float64Array, atA: number, b: Float64Array, atB: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[atA + i]! * b[atB + i]!;
  return sum;
}
