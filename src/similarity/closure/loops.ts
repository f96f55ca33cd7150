/** A block of a table: entry [i, j] at `start + i · stride + j`. */
export interface Part {
  readonly data: Float64Array;
  readonly start: number;
  readonly stride: number;
}

/** C += A B in plain loops, [rows, inner]·[inner, columns]; rows of zeros in A cost nothing. */
export function multiplyAdd(
  c: Part,
  a: Part,
  b: Part,
  rows: number,
  inner: number,
  columns: number,
): void {
  const [cs, as, bs] = [c.data, a.data, b.data];
  const whole = inner - (inner % 4);
  for (let i = 0; i < rows; i++) {
    const to = c.start + i * c.stride;
    const from = a.start + i * a.stride;
    for (let k = 0; k < whole; k += 4) {
      const a0 = as[from + k]!;
      const a1 = as[from + k + 1]!;
      const a2 = as[from + k + 2]!;
      const a3 = as[from + k + 3]!;
      if (a0 === 0 && a1 === 0 && a2 === 0 && a3 === 0) continue;
      const b0 = b.start + k * b.stride;
      const b1 = b0 + b.stride;
      const b2 = b1 + b.stride;
      const b3 = b2 + b.stride;
      for (let j = 0; j < columns; j++) {
        cs[to + j]! += a0 * bs[b0 + j]! + a1 * bs[b1 + j]! + a2 * bs[b2 + j]! + a3 * bs[b3 + j]!;
      }
    }
    for (let k = whole; k < inner; k++) {
      const factor = as[from + k]!;
      if (factor === 0) continue;
      const at = b.start + k * b.stride;
      for (let j = 0; j < columns; j++) cs[to + j]! += factor * bs[at + j]!;
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
