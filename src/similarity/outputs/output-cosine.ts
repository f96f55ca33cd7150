import type { Matrix, Tensor } from "../../tensor/index.ts";
import { inRange, type OutputResult, outputResult, rowOf, tablesOf } from "./output-result.ts";

/** Options of {@link outputCosine}. */
export interface OutputCosineOptions {
  /**
   * `"mean"`: (1/N) Σ_i cos(a_i, b_i), every input counts the same. `"global"`: Σ_i a_i·b_i / √(Σ|a_i|² Σ|b_i|²),
   * inputs count by the size of their outputs; what the metric `gaussian` is the expectation of. Default
   * `"global"`.
   */
  readonly average?: "mean" | "global" | undefined;
}

/**
 * Output cosine of two networks on the same N inputs, in [-1, 1] up to rounding; a zero output has cosine
 * 0. The two averages differ: the result's metric says which one it is.
 *
 * @param outputsA - [N, o] or [N, n, o], outputs of one network, one input a row (see {@link outputs})
 * @param outputsB - likewise, those of the other, on the same inputs in the same order
 * @throws {ShapeError} when the shapes differ or are empty
 * @throws {RangeError} when an entry is not finite, or there is no such average
 */
export function outputCosine(
  outputsA: Tensor,
  outputsB: Tensor,
  { average = "global" }: OutputCosineOptions = {},
): OutputResult {
  const [a, b] = tablesOf(outputsA, outputsB, true);
  const inputs = a.shape[0];
  if (average === "global") {
    const value = cosineOf(inRange(a).data, inRange(b).data);
    return outputResult("output cosine (global)", value, inputs);
  }
  if (average !== "mean") {
    throw new RangeError(
      `Cannot average cosines of outputs by "${average}": expected mean or global`,
    );
  }
  let sum = 0;
  for (let i = 0; i < inputs; i++) {
    const [own, other] = [a, b].map((all) =>
      inRange({ shape: [1, a.shape[1]], data: rowOf(all, i) }),
    );
    sum += cosineOf(own!.data, other!.data);
  }
  return outputResult("output cosine (mean)", sum / inputs, inputs);
}

function cosineOf(a: Matrix["data"], b: Matrix["data"]): number {
  let [aa, ab, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    aa += a[i]! * a[i]!;
    ab += a[i]! * b[i]!;
    bb += b[i]! * b[i]!;
  }
  return aa === 0 || bb === 0 ? 0 : ab / (Math.sqrt(aa) * Math.sqrt(bb));
}
