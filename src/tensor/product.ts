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
  const sums = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a.data[i * inner + k]!;
      // One-hot inputs are mostly zeros.
      if (factor === 0) continue;
      for (let j = 0; j < columns; j++) {
        sums[i * columns + j]! += factor * b.data[k * columns + j]!;
      }
    }
  }
  return matrix(rows, columns, sums);
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
  return matrix(
    ...a.shape,
    Float64Array.from(a.data, (entry) => factor * entry),
  );
}
