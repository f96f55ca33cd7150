import { checkSimilarities, type Similarities } from "./similarities.ts";

/**
 * The gap Δ between two phases of a run, A = checkpoints 0 … last and B the rest: how much more alike the
 * checkpoints of B are to each other than to those of A,
 *
 *     Δ = mean of S[i, j] over i ≠ j in B  −  mean of S[i, j] over i in A, j in B
 *
 * The diagonal does not count, checkpoint 0 does (arXiv 2605.15183, backdoor figure).
 *
 * @param similarities - [n, n], e.g. of `similarityMatrix`
 * @param last - index of the last checkpoint of A, 0 to n − 3: B needs two
 * @returns between -2 and 2 for cosines
 * @throws {ShapeError} when the matrix is not square
 * @throws {RangeError} when `last` is no such index, an entry is not finite, or the matrix is not symmetric
 */
export function gap(similarities: Similarities, last: number): number {
  const n = checkSimilarities(similarities, "take the gap of two phases");
  if (!Number.isInteger(last) || last < 0 || last > n - 3) {
    throw new RangeError(
      `Cannot take the gap of two phases: expected the first to end at an index from 0 to ${n - 3} of ${n}, found ${last}`,
    );
  }
  let [within, between] = [0, 0];
  for (let i = last + 1; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const entry = similarities.data[i * n + j]!;
      if (j <= last) between += entry;
      else if (j !== i) within += entry;
    }
  }
  const [a, b] = [last + 1, n - last - 1];
  return within / (b * (b - 1)) - between / (a * b);
}
