import { packColumns, packRows } from "./pack";
import { lanes, panels, product, UNIT } from "./product";

/**
 * Row-major C [m, n] = op(A)·op(B) at `c`. `ap` and `bp` have room for op(A) packed by rows and op(B)
 * packed by columns; `c` for m and n rounded up to whole panels.
 */
function gemm<T>(
  a: usize, transposeA: bool, b: usize, transposeB: bool,
  m: usize, n: usize, inner: usize, ap: usize, bp: usize, c: usize,
): void {
  const stride = inner * UNIT;
  if (transposeA) packColumns<T>(a, m * sizeof<T>(), m, inner, ap, stride);
  else packRows<T>(a, inner * sizeof<T>(), m, inner, ap, stride);
  if (transposeB) packRows<T>(b, inner * sizeof<T>(), n, inner, bp, stride);
  else packColumns<T>(b, n * sizeof<T>(), n, inner, bp, stride);
  const padded = panels<T>(n) * UNIT;
  product<T>(bp, panels<T>(n), stride, ap, panels<T>(m), stride, inner, c, UNIT, padded);
  const row = n * sizeof<T>();
  if (row < padded) {
    for (let i: usize = 1; i < m; i++) memory.copy(c + i * row, c + i * padded, row);
  }
}

export function gemm64(
  a: usize, transposeA: bool, b: usize, transposeB: bool,
  m: usize, n: usize, inner: usize, ap: usize, bp: usize, c: usize,
): void {
  gemm<f64>(a, transposeA, b, transposeB, m, n, inner, ap, bp, c);
}

export function gemm32(
  a: usize, transposeA: bool, b: usize, transposeB: bool,
  m: usize, n: usize, inner: usize, ap: usize, bp: usize, c: usize,
): void {
  gemm<f32>(a, transposeA, b, transposeB, m, n, inner, ap, bp, c);
}
