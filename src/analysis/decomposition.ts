import {
  EigenvalueDecomposition,
  QrDecomposition,
  SingularValueDecomposition,
  Matrix as Table,
} from "ml-matrix";
import { type Matrix, matrix, transpose } from "../tensor/index.ts";

/** Eigenvalues of a symmetric matrix with their eigenvectors, the largest in absolute value first. */
export interface Eigenpairs {
  /** [n] */
  readonly values: Float64Array;
  /** [n, n]: one unit vector a row, its entry of largest absolute value positive. */
  readonly vectors: Matrix;
}

/** The eigenpairs of a symmetric matrix [n, n] with finite entries; about 10 n³ operations. */
export function eigenpairs(symmetric: Matrix): Eigenpairs {
  const [n] = symmetric.shape;
  const found = new EigenvalueDecomposition(tableOf(symmetric), { assumeSymmetric: true });
  const all = found.realEigenvalues;
  const order = all.map((_, k) => k).sort((i, j) => Math.abs(all[j]!) - Math.abs(all[i]!) || i - j);
  const vectors = matrix(n, n);
  for (const [row, k] of order.entries()) {
    const vector = Float64Array.from({ length: n }, (_, i) => found.eigenvectorMatrix.get(i, k));
    vectors.data.set(upright(vector), row * n);
  }
  return { values: Float64Array.from(order, (k) => all[k]!), vectors };
}

/** The singular values of a matrix with finite entries, [min(rows, columns)], the largest first. */
export function singularValues(a: Matrix): Float64Array {
  const found = new SingularValueDecomposition(tableOf(a), {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  return Float64Array.from(found.diagonal.slice(0, Math.min(...a.shape))).sort((x, y) => y - x);
}

/** An orthonormal basis [rows, columns] of a space that holds all rows of `a`, which has at least as many columns. */
export function orthonormalRows(a: Matrix): Matrix {
  const basis = new QrDecomposition(tableOf(transpose(a))).orthogonalMatrix.transpose();
  return matrix(...a.shape, Float64Array.from(basis.to1DArray()));
}

function tableOf({ shape: [rows, columns], data }: Matrix): Table {
  return Table.from1DArray(rows, columns, Array.from(data));
}

/** The vector or its negative, so that its entry of largest absolute value is positive. */
export function upright(vector: Float64Array): Float64Array {
  let largest = 0;
  for (const entry of vector) if (Math.abs(entry) > Math.abs(largest)) largest = entry;
  return largest < 0 ? vector.map((entry) => -entry) : vector;
}
