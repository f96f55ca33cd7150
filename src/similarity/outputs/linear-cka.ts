import { type Matrix, matrix, product, type Tensor, transpose } from "../../tensor/index.ts";
import { inRange, type OutputResult, outputResult, tablesOf } from "./output-result.ts";

/**
 * Linear centred kernel alignment of two sets of features of the same N inputs, in [0, 1] up to rounding:
 *
 *     |XᵀY|² / (|XᵀX| |YᵀY|),   X and Y with the mean of each column taken off, |·| the Frobenius norm
 *
 * 0 when X or Y is constant. Unchanged by rotations, shifts and uniform scalings of the features; also
 * by those that matter to what follows, so 1 does not mean the same function (Kornblith et al. 2019).
 *
 * @param featuresA - [N, p] or [N, n, p]
 * @param featuresB - [N, q] or [N, n, q], of the same inputs in the same order
 * @throws {ShapeError} when the numbers of rows differ or a matrix is empty
 * @throws {RangeError} when an entry is not finite
 */
export function linearCka(featuresA: Tensor, featuresB: Tensor): OutputResult {
  const [a, b] = tablesOf(featuresA, featuresB, false);
  const [x, y] = [centred(inRange(a)), centred(inRange(b))];
  const [xx, xy, yy] = [overlap(x, x), overlap(x, y), overlap(y, y)];
  const value = xx === 0 || yy === 0 ? 0 : xy / (Math.sqrt(xx) * Math.sqrt(yy));
  return outputResult("linear CKA", value, a.shape[0]);
}

/** |XᵀY|² */
function overlap(x: Matrix, y: Matrix): number {
  let sum = 0;
  for (const entry of product(transpose(x), y).data) sum += entry * entry;
  return sum;
}

/** The columns less their means, a column of equal entries exactly 0; in range again. */
function centred({ shape: [rows, columns], data }: Matrix): Matrix {
  const result = matrix(rows, columns);
  for (let j = 0; j < columns; j++) {
    // From the first row on, so that the mean of equal entries is not rounded.
    let mean = 0;
    for (let i = 0; i < rows; i++) mean += (data[i * columns + j]! - data[j]!) / rows;
    for (let i = 0; i < rows; i++) {
      result.data[i * columns + j] = data[i * columns + j]! - data[j]! - mean;
    }
  }
  return inRange(result);
}
