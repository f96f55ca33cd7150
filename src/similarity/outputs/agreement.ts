import type { Matrix, Tensor } from "../../tensor/index.ts";
import { type OutputResult, outputResult, rowOf, tablesOf } from "./output-result.ts";

/**
 * Fraction of the inputs for which two classifiers name the same class, the first of the largest outputs:
 * 0 to 1.
 *
 * @param outputsA - [N, o] or [N, n, o], logits of one network, one input a row
 * @param outputsB - likewise, those of the other on the same inputs
 * @throws {ShapeError} when the shapes differ or are empty
 * @throws {RangeError} when an entry is not finite
 */
export function agreement(outputsA: Tensor, outputsB: Tensor): OutputResult {
  const [a, b] = tablesOf(outputsA, outputsB, true);
  const inputs = a.shape[0];
  let equal = 0;
  for (let i = 0; i < inputs; i++) if (classOf(rowOf(a, i)) === classOf(rowOf(b, i))) equal++;
  return outputResult("agreement", equal / inputs, inputs);
}

function classOf(row: Matrix["data"]): number {
  let best = 0;
  for (let j = 1; j < row.length; j++) if (row[j]! > row[best]!) best = j;
  return best;
}
