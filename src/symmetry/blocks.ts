import { type Matrix, matrix } from "../tensor/index.ts";

/** The matrix of these rows, one at least. */
export function rowsOf(rows: readonly ArrayLike<number>[]): Matrix {
  return matrix(
    rows.length,
    rows[0]!.length,
    rows.flatMap((row) => Array.from(row)),
  );
}

/** The matrix of these columns, one at least. */
export function columnsOf(columns: readonly ArrayLike<number>[]): Matrix {
  const result = matrix(columns[0]!.length, columns.length);
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < column.length; i++) result.data[i * columns.length + j] = column[i]!;
  }
  return result;
}

/** Matrices of as many columns, one below the other. */
export function stacked(parts: readonly Matrix[]): Matrix {
  const rows = parts.reduce((count, { shape }) => count + shape[0], 0);
  const result = matrix(rows, parts[0]!.shape[1]);
  let from = 0;
  for (const { data } of parts) {
    result.data.set(data, from);
    from += data.length;
  }
  return result;
}

/** Matrices of as many rows, side by side. */
export function abreast(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]!.shape[0];
  const all = parts.reduce((count, { shape }) => count + shape[1], 0);
  const result = matrix(rows, all);
  let from = 0;
  for (const { shape, data } of parts) {
    const width = shape[1];
    for (let i = 0; i < rows; i++) {
      result.data.set(data.subarray(i * width, (i + 1) * width), i * all + from);
    }
    from += width;
  }
  return result;
}

/** `count` columns of a matrix from the given one on. */
export function columnsFrom(
  { shape: [rows, all], data }: Matrix,
  from: number,
  count: number,
): Matrix {
  const part = matrix(rows, count);
  for (let i = 0; i < rows; i++) {
    part.data.set(data.subarray(i * all + from, i * all + from + count), i * count);
  }
  return part;
}

/** [ A 0 ; 0 B ] */
export function diagonal(a: Matrix, b: Matrix): Matrix {
  return stacked([
    abreast([a, matrix(a.shape[0], b.shape[1])]),
    abreast([matrix(b.shape[0], a.shape[1]), b]),
  ]);
}
