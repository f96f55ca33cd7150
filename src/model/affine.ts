import { type Matrix, type Numbers, product, transpose } from "../tensor/index.ts";

/** X Wᵀ + b, row by row: [N, in] → [N, out], always a new matrix. */
export function affine(x: Matrix, weight: Matrix, bias: Numbers | undefined): Matrix {
  const y = product(x, transpose(weight));
  if (!bias) return y;
  const [rows, columns] = y.shape;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) y.data[i * columns + j]! += bias[j]!;
  }
  return y;
}
