import type { Chain, Numbers, Precision } from "../tensor/index.ts";

/**
 * The norm up to which a network is 0 as far as rounding can tell: √ε Σ_h ‖D_h‖ ‖L_h‖ ‖R_h‖ for a
 * bilinear layer. The sum bounds the norm by the triangle inequality, and ε times its square bounds
 * the rounding of ⟨a, a⟩; without this, a network whose units cancel would get a random direction.
 * 0 for chains of more steps, where the bound is too wide to be of use.
 */
export function roundingNorm({ steps }: Chain, precision: Precision): number {
  const [step] = steps;
  if (steps.length !== 1 || step?.kind !== "bilinear") return 0;
  const { left, right, down } = step;
  const [dOut, hidden] = down.shape;
  const dIn = left.shape[1];
  let bound = 0;
  for (let h = 0; h < hidden; h++) {
    bound +=
      norm(down.data, h, dOut, hidden) *
      norm(left.data, h * dIn, dIn, 1) *
      norm(right.data, h * dIn, dIn, 1);
  }
  const epsilon = precision === "float64" ? 2 ** -52 : 2 ** -23;
  return Number.isFinite(bound) ? Math.sqrt(epsilon) * bound : 0;
}

/** Euclidean norm of `count` entries, of any size: over the largest, so that no square overflows. */
function norm(data: Numbers, start: number, count: number, stride: number): number {
  let largest = 0;
  const end = start + count * stride;
  for (let i = start; i < end; i += stride) largest = Math.max(largest, Math.abs(data[i]!));
  if (largest === 0) return 0;
  let squares = 0;
  for (let i = start; i < end; i += stride) squares += (data[i]! / largest) ** 2;
  return largest * Math.sqrt(squares);
}
