import { type Head, legCount, type Source, writeLegs, writeMeans } from "./leg-table.ts";
import { multiplyAdd, traceOfProduct } from "./loops.ts";

/** What one head writes at one query and key position: s1·s2·v, over a normal wire. */
export interface HeadMoments {
  /** [width]: E[s1 s2 v]. */
  readonly mean: Float64Array;
  /** [5 · width, width]: E[∂(s1 s2 v)/∂leg], legs before the rotation. */
  readonly slope: Float64Array;
}

/**
 * With ξ_i = (q_i; k_i) of mean μ_i, X the exchange of its halves, Γ covariances and κ cumulants,
 *
 *     E[s_i] = κ_i = tr Cov(q_i, k_i) + μ(q_i)·μ(k_i)
 *     E[s_0 s_1] = κ_0 κ_1 + ½ tr(X Γ_01 X Γ_10) + μ_0ᵀ X Γ_01 X μ_1
 *     E[s_0 s_1 v] = E[s_0 s_1] μ_v + κ_1 ρ_0 + κ_0 ρ_1 + ρ_01
 *     ρ_i = Γ_vi X μ_i,    ρ_01 = Γ_v0 X Γ_01 X μ_1 + Γ_v1 X Γ_10 X μ_0
 *
 * and E[∂(s_0 s_1 v)/∂ξ_0] = E[X ξ_0 · s_1 vᵀ], E[∂(s_0 s_1 v)/∂v] = E[s_0 s_1] I.
 *
 * @param source - covariances of the legs of this head between two positions
 * @param means - means of the legs of all heads at a position
 */
export function headMoments(
  head: Head,
  source: (s: number, t: number) => Source | undefined,
  means: { index: number; heads: number; at: (position: number) => Float64Array } | undefined,
): HeadMoments {
  const { width, turns } = head;
  const size = legCount * width;
  const two = 2 * width;
  const table = new Float64Array(size * size);
  writeLegs(table, size, { head, row: 0 }, { head, row: 0 }, source);
  const mu = new Float64Array(size);
  if (means) writeMeans(mu, 0, { head, ...means }, means.at);
  const part = (row: number, column: number) => ({
    data: table,
    start: row * size + column,
    stride: size,
  });
  /** A row of numbers times rows `row` … of the table. */
  const through = (vector: Float64Array, row: number): Float64Array => {
    const image = new Float64Array(size);
    const [to, from] = [image, vector].map((data) => ({ data, start: 0, stride: size }));
    multiplyAdd(to!, from!, part(row, 0), 1, two, size);
    return image;
  };
  const v = 4 * width;
  const crossed = (i: number) => exchanged(mu.subarray(i * two, (i + 1) * two));
  const [x0, x1] = [crossed(0), crossed(1)];
  const [m0, m1] = [mu.slice(0, two), mu.slice(two, v)];
  const muV = mu.subarray(v);
  // From the mean of a score's legs, through it, to every leg: ρ_i among them.
  const [from0, from1] = [through(m0, 0), through(m1, two)];
  const kappa = [0, 1].map((i) => {
    let sum = dot([m0, m1][i]!, [x0, x1][i]!);
    for (let k = i * two; k < (i + 1) * two; k++) sum += table[k * size + k]!;
    return sum / 2;
  });
  const both =
    traceOfProduct(part(0, two), part(two, 0), two, two) / 2 + dot(from0.subarray(two, v), x1);
  const scores = kappa[0]! * kappa[1]! + both;
  const [over01, over10] = [through(from0.slice(two, v), two), through(from1.slice(0, two), 0)];
  const mean = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    mean[i] =
      scores * muV[i]! +
      kappa[1]! * from0[v + i]! +
      kappa[0]! * from1[v + i]! +
      over01[v + i]! +
      over10[v + i]!;
  }
  const slope = new Float64Array(size * width);
  for (const [i, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const to = { data: slope, start: i * two * width, stride: width };
    multiplyAdd(to, part(i * two, other * two), part(other * two, v), two, two, width);
    const reach = new Float64Array(two);
    const column = { data: reach, start: 0, stride: 1 };
    const end = { data: other === 1 ? x1 : x0, start: 0, stride: 1 };
    multiplyAdd(column, part(i * two, other * two), end, two, two, 1);
    const from = other === 1 ? from1 : from0;
    const own = i === 0 ? x0 : x1;
    for (let r = 0; r < two; r++) {
      for (let c = 0; c < width; c++) {
        slope[to.start + r * width + c]! +=
          kappa[other]! * table[(i * two + r) * size + v + c]! +
          own[r]! * (kappa[other]! * muV[c]! + from[v + c]!) +
          reach[r]! * muV[c]!;
      }
    }
  }
  for (let i = 0; i < width; i++) slope[(v + i) * width + i] = scores;
  for (let leg = 0; leg < 4; leg++) {
    const position = leg % 2 === 0 ? head.query : head.key;
    const place = { start: leg * width * width, stride: width, count: width, step: 1 };
    turns?.turn(slope, place, position, -1);
  }
  return { mean, slope };
}

/** (q; k) as (k; q). */
export function exchanged(vector: Float64Array): Float64Array {
  const half = vector.length / 2;
  const other = new Float64Array(vector.length);
  other.set(vector.subarray(half));
  other.set(vector.subarray(0, half), half);
  return other;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
