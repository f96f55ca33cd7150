import { programsOf } from "../../engine/index.ts";
import type { Engine, GemmOptions, Matrix, ProgramOperation } from "../../tensor/index.ts";
import { matrix } from "../../tensor/index.ts";

/** Where the large products are computed, and how often others get a turn. */
export interface Arithmetic {
  readonly times: (a: Matrix, b: Matrix, options?: GemmOptions) => Promise<Matrix>;
  /** Where many small products of one kind are computed side by side. */
  readonly programs: ProgramOperation;
  /** To be awaited between pieces of work; rejects soon after an abort. */
  readonly pause: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** How A X Bᵀ is closed: the whole matrix, or its diagonal alone as a column. */
export type Close = (half: Matrix, other: Matrix) => Promise<Matrix>;

export function arithmeticOf(
  engine: Engine,
  pause: () => Promise<void>,
  signal?: AbortSignal,
): Arithmetic {
  return {
    times: (a, b, options) => engine.gemm(a, b, options),
    programs: programsOf(engine),
    pause,
    signal,
  };
}

/** H Bᵀ */
export function wholeOf({ times }: Arithmetic): Close {
  return (half, other) => times(half, other, { transposeB: true });
}

/** The diagonal of H Bᵀ as [rows, 1]: what the inner product needs of a last layer. */
export const diagonalOf: Close = async (half, other) => {
  const [rows, columns] = half.shape;
  const sums = matrix(rows, 1);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = i * columns; k < (i + 1) * columns; k++) sum += half.data[k]! * other.data[k]!;
    sums.data[i] = sum;
  }
  return sums;
};

/** The sum of the matrices that are there; undefined when none is. */
export function sumOf(terms: readonly (Matrix | undefined)[]): Matrix | undefined {
  const [first, ...rest] = terms.filter((term) => term !== undefined);
  if (!first || rest.length === 0) return first;
  const sum = matrix(...first.shape, Float64Array.from(first.data));
  for (const { data } of rest) for (let i = 0; i < data.length; i++) sum.data[i]! += data[i]!;
  return sum;
}

/** A x + b. */
export function applied(
  a: Matrix,
  x: Float64Array,
  b?: ArrayLike<number> | undefined,
): Float64Array {
  const [rows, columns] = a.shape;
  return Float64Array.from({ length: rows }, (_, i) => {
    let sum = b?.[i] ?? 0;
    for (let k = 0; k < columns; k++) sum += a.data[i * columns + k]! * x[k]!;
    return sum;
  });
}

/** The matrix in float64, whatever it is stored in. */
export function float64(a: Matrix): Matrix {
  return a.data instanceof Float64Array ? a : matrix(...a.shape, Float64Array.from(a.data));
}

/** Bytes of matrices, each counted once. */
export function bytesOf(matrices: readonly (Matrix | undefined)[]): number {
  let bytes = 0;
  for (const one of new Set(matrices)) bytes += one?.data.byteLength ?? 0;
  return bytes;
}
