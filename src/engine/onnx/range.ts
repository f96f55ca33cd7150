import type { Precision } from "../../tensor/index.ts";
import { largest } from "../chain/exponent.ts";
import type { StepSizes } from "../chain/steps.ts";

/** Exponents of two above which an entry keeps all its digits, and all that is added to one loses none. */
const lowest: Readonly<Record<Precision, number>> = { float64: -960, float32: -100 };

/**
 * Whether the recursion of two chains, with weights below 2 and nothing rescaled between steps, stayed
 * in the range of the format, told from its result.
 *
 * Above: what overflows reaches every slice, as infinity or NaN, since each depends on all entries before.
 * Below: |M′| ≤ 2^g |M|^p with the largest entries of the metric before and behind a step, where p is 2
 * for a bilinear step and 1 for a linear one, so that |M| ≥ (|M′| / 2^g)^(1/p); and what is computed in
 * between is at least |M′| / 2^g, or 1. What underflows beside entries of that size is no digit of theirs.
 */
export function stayedInRange(
  slices: Float64Array,
  a: readonly StepSizes[],
  b: readonly StepSizes[],
  precision: Precision,
): boolean {
  const size = largest(slices);
  if (size === 0 || !Number.isFinite(size)) return false;
  let level = Math.log2(size);
  for (let i = a.length - 1; i >= 0; i--) {
    const [s, t] = [a[i]!, b[i]!];
    // A product with two weights below 2 on both sides of the metric; there is none before the first step.
    const through = 2 + Math.log2(s.inputs) + (i === 0 ? 0 : Math.log2(t.inputs));
    if (s.kind === "linear") {
      level -= through;
      if (level < lowest[precision]) return false;
    } else {
      level -= 2 * through + 3 + Math.log2(s.hidden * t.hidden);
      if (level < lowest[precision]) return false;
      level /= 2;
    }
  }
  return true;
}
