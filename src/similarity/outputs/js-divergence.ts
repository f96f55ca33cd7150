import { exponential, logarithm, type Matrix, matrix, type Tensor } from "../../tensor/index.ts";
import { type OutputResult, outputResult, rowOf, tablesOf } from "./output-result.ts";

/**
 * Jensen–Shannon divergence of two tables of distributions, row by row, in nats:
 *
 *     JS(p, q) = ½ Σ p ln(p/m) + ½ Σ q ln(q/m),   m = (p + q)/2,   0 ln 0 = 0
 *
 * between 0 (equal) and ln 2 (nothing in common). Each row is first divided by its sum.
 *
 * @param first - p, [N, o], entries at least 0
 * @param second - q, [N, o]
 * @returns [N]
 * @throws {ShapeError} when the shapes differ or are empty
 * @throws {RangeError} when an entry is negative or not finite, or a row is all 0
 */
export function jsDivergence(first: Tensor, second: Tensor): Float64Array {
  const [p, q] = tablesOf(first, second, true);
  return Float64Array.from({ length: p.shape[0] }, (_, i) => divergence(share(p, i), share(q, i)));
}

/**
 * Mean Jensen–Shannon divergence of the predictions of two classifiers, softmax of their logits, in nats:
 * 0 to ln 2. Sees probabilities, so two networks may agree on every class and still differ.
 *
 * @param outputsA - [N, o] or [N, n, o], logits of one network, one input a row
 * @param outputsB - likewise, those of the other on the same inputs
 * @throws {ShapeError} when the shapes differ or are empty
 * @throws {RangeError} when an entry is not finite
 */
export function predictionDivergence(outputsA: Tensor, outputsB: Tensor): OutputResult {
  const [a, b] = tablesOf(outputsA, outputsB, true);
  const rows = jsDivergence(softmax(a), softmax(b));
  const mean = rows.reduce((sum, entry) => sum + entry, 0) / rows.length;
  return outputResult("JS divergence of predictions", mean, rows.length);
}

function divergence(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const middle = (p[i]! + q[i]!) / 2;
    // Per entry the two parts nearly cancel where p is near q; neither is left out for being tiny.
    if (p[i]! > 0) sum += p[i]! * logarithm(p[i]! / middle);
    if (q[i]! > 0) sum += q[i]! * logarithm(q[i]! / middle);
  }
  return Math.max(sum / 2, 0);
}

/** Row `index` over its sum. */
function share(table: Matrix, index: number): Float64Array {
  const row = Float64Array.from(rowOf(table, index));
  const bad = row.findIndex((entry) => entry < 0);
  if (bad >= 0) {
    throw new RangeError(
      `Cannot compare distributions: expected entries of at least 0, found ${row[bad]} at [${index}, ${bad}]`,
    );
  }
  const largest = row.reduce((most, entry) => Math.max(most, entry), 0);
  if (largest === 0) {
    throw new RangeError(
      `Cannot compare distributions: expected an entry above 0 in row ${index}, found none`,
    );
  }
  const sum = row.reduce((total, entry) => total + entry / largest, 0);
  return Float64Array.from(row, (entry) => entry / largest / sum);
}

/** exp(x − max) row by row; the sum is taken by what follows. */
function softmax(logits: Matrix): Matrix {
  const [rows, columns] = logits.shape;
  const result = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    const row = Float64Array.from(rowOf(logits, i));
    const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    for (let j = 0; j < columns; j++) result.data[i * columns + j] = exponential(row[j]! - most);
  }
  return result;
}
