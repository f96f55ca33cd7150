import { identity, type Matrix, matrix } from "../tensor/index.ts";
import { largest } from "./magnitude.ts";

/**
 * A⁻¹ by Gauss–Jordan elimination with row exchanges: [n, n] → [n, n].
 *
 * @param act - what the matrix is for, as messages say it, e.g. `"gauge wire 1"`
 * @throws {RangeError} when A is not square, has an entry that is not finite, or is singular to rounding
 */
export function inverse(a: Matrix, act: string): Matrix {
  const [n, columns] = a.shape;
  if (n !== columns) {
    throw new RangeError(
      `Cannot ${act}: expected a square matrix, found one of shape [${n}, ${columns}]`,
    );
  }
  if (!a.data.every(Number.isFinite)) {
    throw new RangeError(`Cannot ${act}: expected a matrix of finite numbers, found others`);
  }
  const size = largest(a.data);
  const work = Float64Array.from(a.data);
  const result = identity(n);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(work[i * n + k]!) > Math.abs(work[pivot * n + k]!)) pivot = i;
    }
    if (Math.abs(work[pivot * n + k]!) <= n * Number.EPSILON * size) {
      throw new RangeError(
        `Cannot ${act}: expected a matrix with an inverse, found a singular one`,
      );
    }
    for (const table of [work, result.data]) {
      exchangeRows(table, n, k, pivot);
    }
    const factor = 1 / work[k * n + k]!;
    for (let j = 0; j < n; j++) {
      work[k * n + j]! *= factor;
      result.data[k * n + j]! *= factor;
    }
    for (let i = 0; i < n; i++) {
      const entry = work[i * n + k]!;
      if (i === k || entry === 0) continue;
      for (let j = 0; j < n; j++) {
        work[i * n + j]! -= entry * work[k * n + j]!;
        result.data[i * n + j]! -= entry * result.data[k * n + j]!;
      }
    }
  }
  return matrix(n, n, result.data);
}

function exchangeRows(table: { [index: number]: number }, n: number, i: number, j: number): void {
  if (i === j) return;
  for (let k = 0; k < n; k++) {
    const entry = table[i * n + k]!;
    table[i * n + k] = table[j * n + k]!;
    table[j * n + k] = entry;
  }
}
