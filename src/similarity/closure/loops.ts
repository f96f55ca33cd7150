/** A block of a table: entry [i, j] at `start + i · stride + j`. */
export interface Part {
  readonly data: Float64Array;
  readonly start: number;
  readonly stride: number;
}

/** C += A B in plain loops, [rows, inner]·[inner, columns]; zeros in A cost next to nothing. */
export function multiplyAdd(
  c: Part,
  a: Part,
  b: Part,
  rows: number,
  inner: number,
  columns: number,
): void {
  const [pairs, fours] = [rows - (rows % 2), inner - (inner % 4)];
  // Two rows at a time read B half as often.
  for (let i = 0; i < pairs; i += 2) multiplyTwoRows(c, a, b, i, fours, columns);
  for (let i = 0; i < rows; i++) {
    const first = i < pairs ? fours : 0;
    for (let k = first; k < inner; k++) {
      const factor = a.data[a.start + i * a.stride + k]!;
      if (factor === 0) continue;
      const to = c.start + i * c.stride;
      const at = b.start + k * b.stride;
      for (let j = 0; j < columns; j++) c.data[to + j]! += factor * b.data[at + j]!;
    }
  }
}

/** Rows i and i + 1 of C += A B; `inner` is a multiple of 4. */
function multiplyTwoRows(
  c: Part,
  a: Part,
  b: Part,
  i: number,
  inner: number,
  columns: number,
): void {
  const cs = c.data;
  const as = a.data;
  const bs = b.data;
  const to0 = c.start + i * c.stride;
  const to1 = to0 + c.stride;
  const from0 = a.start + i * a.stride;
  const from1 = from0 + a.stride;
  for (let k = 0; k < inner; k += 4) {
    const x0 = as[from0 + k]!;
    const x1 = as[from0 + k + 1]!;
    const x2 = as[from0 + k + 2]!;
    const x3 = as[from0 + k + 3]!;
    const y0 = as[from1 + k]!;
    const y1 = as[from1 + k + 1]!;
    const y2 = as[from1 + k + 2]!;
    const y3 = as[from1 + k + 3]!;
    if (x0 === 0 && x1 === 0 && x2 === 0 && x3 === 0) {
      if (y0 === 0 && y1 === 0 && y2 === 0 && y3 === 0) continue;
    }
    const b0 = b.start + k * b.stride;
    const b1 = b0 + b.stride;
    const b2 = b1 + b.stride;
    const b3 = b2 + b.stride;
    for (let j = 0; j < columns; j++) {
      const p = bs[b0 + j]!;
      const q = bs[b1 + j]!;
      const r = bs[b2 + j]!;
      const s = bs[b3 + j]!;
      cs[to0 + j]! += x0 * p + x1 * q + x2 * r + x3 * s;
      cs[to1 + j]! += y0 * p + y1 * q + y2 * r + y3 * s;
    }
  }
}

/** tr(A B), [rows, columns]·[columns, rows]. */
export function traceOfProduct(a: Part, b: Part, rows: number, columns: number): number {
  let trace = 0;
  for (let i = 0; i < rows; i++) {
    const from = a.start + i * a.stride;
    const at = b.start + i;
    for (let j = 0; j < columns; j++) trace += a.data[from + j]! * b.data[at + j * b.stride]!;
  }
  return trace;
}
