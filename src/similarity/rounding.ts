import type { Chain, Matrix, Numbers, Precision } from "../tensor/index.ts";

/**
 * Base-2 logarithm of the norm up to which a network is 0 as far as rounding can tell,
 * √ε Σ_h ‖D_h‖ ‖L_h‖ ‖R_h‖ for a bilinear layer. The sum bounds the norm by the triangle inequality,
 * and ε times its square bounds the rounding of ⟨a, a⟩; without this, a network whose units cancel would
 * get a random direction. −∞ for chains of more steps, where the bound is too wide to be of use.
 */
export function roundingLevel({ steps }: Chain, precision: Precision): number {
  const [step] = steps;
  if (steps.length !== 1 || step?.kind !== "bilinear") return Number.NEGATIVE_INFINITY;
  // In units of powers of two near the largest entries, so that nothing leaves the range of float64.
  const exponents = [step.down, step.left, step.right].map(({ data }) => exponentOf(data));
  const [down, left, right] = [
    columnNorms(step.down, exponents[0]!),
    rowNorms(step.left, exponents[1]!),
    rowNorms(step.right, exponents[2]!),
  ];
  const bound = down.reduce((sum, norm, h) => sum + norm * left[h]! * right[h]!, 0);
  const epsilon = precision === "float64" ? -52 : -23;
  return exponents.reduce((level, exponent) => level + exponent, Math.log2(bound) + epsilon / 2);
}

/** The exponent of two nearest to the largest |x|; 0 when that is 0. */
function exponentOf(data: Numbers): number {
  let a = 0;
  let b = 0;
  // Of two numbers at a time neither waits for the other.
  for (let k = 1; k < data.length; k += 2) {
    const x = Math.abs(data[k - 1]!);
    const y = Math.abs(data[k]!);
    if (x > a) a = x;
    if (y > b) b = y;
  }
  const last = data.length === 0 ? 0 : Math.abs(data.at(-1)!);
  const largest = Math.max(a, b, last);
  // 2^±1022 and their reciprocals are float64 numbers.
  return largest === 0 ? 0 : Math.max(-1022, Math.min(1022, Math.round(Math.log2(largest))));
}

/** Euclidean norms of the rows, over 2^exponent. */
function rowNorms({ shape: [rows, columns], data }: Matrix, exponent: number): Float64Array {
  const unit = 2 ** -exponent;
  const norms = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let a = 0;
    let b = 0;
    const end = (row + 1) * columns;
    let at = row * columns;
    for (; at + 1 < end; at += 2) {
      const x = data[at]! * unit;
      const y = data[at + 1]! * unit;
      a += x * x;
      b += y * y;
    }
    if (at < end) a += (data[at]! * unit) ** 2;
    norms[row] = Math.sqrt(a + b);
  }
  return norms;
}

/** As {@link rowNorms}, of the columns. */
function columnNorms({ shape: [rows, columns], data }: Matrix, exponent: number): Float64Array {
  const unit = 2 ** -exponent;
  const squares = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++) squares[k]! += (data[row * columns + k]! * unit) ** 2;
  }
  return squares.map(Math.sqrt);
}
