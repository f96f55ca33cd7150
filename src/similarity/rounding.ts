import type { Chain, Matrix, Precision } from "../tensor/index.ts";

/**
 * Base-2 logarithm of the norm up to which a network is 0 as far as rounding can tell,
 * √ε Σ_h ‖D_h‖ ‖L_h‖ ‖R_h‖ for a bilinear layer. The sum bounds the norm by the triangle inequality,
 * and ε times its square bounds the rounding of ⟨a, a⟩; without this, a network whose units cancel would
 * get a random direction. −∞ for chains of more steps, where the bound is too wide to be of use.
 */
export function roundingLevel({ steps }: Chain, precision: Precision): number {
  const [step] = steps;
  if (steps.length !== 1 || step?.kind !== "bilinear") return Number.NEGATIVE_INFINITY;
  // In units of each matrix's largest entry, so that nothing leaves the range of float64.
  const largest = [step.down, step.left, step.right].map(largestOf);
  if (largest.includes(0)) return Number.NEGATIVE_INFINITY;
  const [hidden, dIn] = step.left.shape;
  const dOut = step.down.shape[0];
  let bound = 0;
  for (let h = 0; h < hidden; h++) {
    bound +=
      norm(step.down, largest[0]!, h, dOut, hidden) *
      norm(step.left, largest[1]!, h * dIn, dIn, 1) *
      norm(step.right, largest[2]!, h * dIn, dIn, 1);
  }
  const epsilon = precision === "float64" ? -52 : -23;
  return largest.reduce((level, size) => level + Math.log2(size), Math.log2(bound) + epsilon / 2);
}

function largestOf({ data }: Matrix): number {
  let largest = 0;
  for (let k = 0; k < data.length; k++) {
    const size = Math.abs(data[k]!);
    if (size > largest) largest = size;
  }
  return largest;
}

/** Euclidean norm of `count` entries from `start`, over `unit`. */
function norm(
  { data }: Matrix,
  unit: number,
  start: number,
  count: number,
  stride: number,
): number {
  let squares = 0;
  for (let k = 0, at = start; k < count; k++, at += stride) {
    const entry = data[at]! / unit;
    squares += entry * entry;
  }
  return Math.sqrt(squares);
}
