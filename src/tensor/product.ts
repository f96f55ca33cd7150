import type { Matrix } from "./tensor.ts";
import { matrix, ShapeError } from "./tensor.ts";

/**
 * A·B in plain loops on the calling thread, float64: [m, k]·[k, n] → [m, n]. Each entry sums over the
 * inner index in ascending order. For work of some size use an engine's `gemm`.
 *
 * @throws {ShapeError} when the inner sizes differ
 */
export function product(a: Matrix, b: Matrix): Matrix {
  const [rows, inner] = a.shape;
  const [innerB, columns] = b.shape;
  if (inner !== innerB) {
    throw new ShapeError(
      `Cannot multiply [${rows}, ${inner}] by [${innerB}, ${columns}]: expected equal inner sizes, found ${inner} and ${innerB}`,
    );
  }
  const factors = float64Of(a);
  const terms = float64Of(b);
  const sums = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 2) {
    for (let k = 0; k < inner; k += 4) {
      const whole = i + 1 < rows && k + 3 < inner;
      if (whole && addBlock(factors, i * inner + k, inner, terms, k, columns, sums, i)) continue;
      for (let row = i; row < Math.min(i + 2, rows); row++) {
        for (let term = k; term < Math.min(k + 4, inner); term++) {
          // One-hot inputs are mostly zeros.
          const factor = factors[row * inner + term]!;
          if (factor !== 0) addRow(factor, terms, term, columns, sums, row);
        }
      }
    }
  }
  return matrix(rows, columns, sums);
}

function float64Of({ data }: Matrix): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data);
}

function addRow(
  factor: number,
  terms: Float64Array,
  term: number,
  columns: number,
  sums: Float64Array,
  row: number,
): void {
  const [to, from] = [row * columns, term * columns];
  for (let j = 0; j < columns; j++) sums[to + j]! += factor * terms[from + j]!;
}

/**
 * Adds four terms to two rows, in their order: a row of terms is read once for both, a row of sums once for
 * all four. Does nothing and returns false where a factor is 0.
 */
function addBlock(
  factors: Float64Array,
  at: number,
  inner: number,
  terms: Float64Array,
  term: number,
  columns: number,
  sums: Float64Array,
  row: number,
): boolean {
  const a = factors[at]!;
  const b = factors[at + 1]!;
  const c = factors[at + 2]!;
  const d = factors[at + 3]!;
  const e = factors[at + inner]!;
  const f = factors[at + inner + 1]!;
  const g = factors[at + inner + 2]!;
  const h = factors[at + inner + 3]!;
  if (!(a && b && c && d && e && f && g && h)) return false;
  let to = row * columns;
  let from = term * columns;
  const [second, third] = [2 * columns, 3 * columns];
  for (const end = to + columns; to < end; to++, from++) {
    const x = terms[from]!;
    const y = terms[from + columns]!;
    const z = terms[from + second]!;
    const w = terms[from + third]!;
    sums[to] = sums[to]! + a * x + b * y + c * z + d * w;
    sums[to + columns] = sums[to + columns]! + e * x + f * y + g * z + h * w;
  }
  return true;
}

/** Aᵀ as a new matrix in float64: [m, n] → [n, m]. */
export function transpose(a: Matrix): Matrix {
  const [rows, columns] = a.shape;
  const turned = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = a.data[i * columns + j]!;
  }
  return matrix(columns, rows, turned);
}

/** factor·A as a new matrix in float64: [m, n] → [m, n]. */
export function scaled(a: Matrix, factor: number): Matrix {
  const multiple = new Float64Array(a.data.length);
  for (let i = 0; i < multiple.length; i++) multiple[i] = factor * a.data[i]!;
  return matrix(...a.shape, multiple);
}
