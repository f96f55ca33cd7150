// Operations on packed matrices entry by entry, `count` panels of `inner` indices. Each operand has the
// distance between its panels, so it may be a block of a larger matrix.
import { lanes, panels, UNIT } from "./product";

/** Z = A ⊙ B */
export function hadamard<T>(
  a: usize, aStride: usize, b: usize, bStride: usize, z: usize, zStride: usize,
  count: usize, inner: usize,
): void {
  const length = inner * UNIT;
  for (let p: usize = 0; p < count; p++) {
    for (let k: usize = 0; k < length; k += UNIT) {
      v128.store(z + k, v128.mul<T>(v128.load(a + k), v128.load(b + k)));
      v128.store(z + k, v128.mul<T>(v128.load(a + k, 16), v128.load(b + k, 16)), 16);
    }
    a += aStride;
    b += bStride;
    z += zStride;
  }
}

/** Z = α·A + β·B */
export function combine<T>(
  a: usize, aStride: usize, alpha: f64, b: usize, bStride: usize, beta: f64, z: usize, zStride: usize,
  count: usize, inner: usize,
): void {
  const x = v128.splat<T>(<T>alpha);
  const y = v128.splat<T>(<T>beta);
  const length = inner * UNIT;
  for (let p: usize = 0; p < count; p++) {
    for (let k: usize = 0; k < length; k += UNIT) {
      const first = v128.mul<T>(x, v128.load(a + k));
      v128.store(z + k, v128.add<T>(first, v128.mul<T>(y, v128.load(b + k))));
      const second = v128.mul<T>(x, v128.load(a + k, 16));
      v128.store(z + k, v128.add<T>(second, v128.mul<T>(y, v128.load(b + k, 16))), 16);
    }
    a += aStride;
    b += bStride;
    z += zStride;
  }
}

/** Z = α·A, with no zero that is negative, as a sum that begins with 0 */
export function multiple<T>(
  a: usize, aStride: usize, alpha: f64, z: usize, zStride: usize, count: usize, inner: usize,
): void {
  const x = v128.splat<T>(<T>alpha);
  const zero = i64x2.splat(0);
  const length = inner * UNIT;
  for (let p: usize = 0; p < count; p++) {
    for (let k: usize = 0; k < length; k += UNIT) {
      v128.store(z + k, v128.add<T>(v128.mul<T>(x, v128.load(a + k)), zero));
      v128.store(z + k, v128.add<T>(v128.mul<T>(x, v128.load(a + k, 16)), zero), 16);
    }
    a += aStride;
    z += zStride;
  }
}

/** Z = A */
export function copy(
  a: usize, aStride: usize, z: usize, zStride: usize, count: usize, inner: usize,
): void {
  for (let p: usize = 0; p < count; p++) {
    memory.copy(z, a, inner * UNIT);
    a += aStride;
    z += zStride;
  }
}

/** Rows of A from `from` on, to rows of Z from `to` on, where they do not begin with a panel. */
export function shift<T>(
  a: usize, aStride: usize, from: usize, z: usize, zStride: usize, to: usize, rows: usize, inner: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    const source = a + ((from + i) / lanes<T>()) * aStride + ((from + i) % lanes<T>()) * sizeof<T>();
    const target = z + ((to + i) / lanes<T>()) * zStride + ((to + i) % lanes<T>()) * sizeof<T>();
    for (let k: usize = 0; k < inner * UNIT; k += UNIT) {
      store<T>(target + k, load<T>(source + k));
    }
  }
}

/** Two float32 as float64. */
// @ts-ignore: decorator
@inline
function wide(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** Σ over the rows and inner indices of A ⊙ B, in float64. */
export function dot<T>(
  a: usize, aStride: usize, b: usize, bStride: usize, rows: usize, inner: usize,
): f64 {
  const length = inner * UNIT;
  const whole = rows / lanes<T>();
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (let p: usize = 0; p < whole; p++) {
    if (sizeof<T>() == 8) {
      // Two sums each, so that one addition need not wait for the other.
      let k: usize = 0;
      for (; k + UNIT < length; k += 2 * UNIT) {
        s0 = f64x2.add(s0, f64x2.mul(v128.load(a + k), v128.load(b + k)));
        s1 = f64x2.add(s1, f64x2.mul(v128.load(a + k, 16), v128.load(b + k, 16)));
        s2 = f64x2.add(s2, f64x2.mul(v128.load(a + k, 32), v128.load(b + k, 32)));
        s3 = f64x2.add(s3, f64x2.mul(v128.load(a + k, 48), v128.load(b + k, 48)));
      }
      if (k < length) {
        s0 = f64x2.add(s0, f64x2.mul(v128.load(a + k), v128.load(b + k)));
        s1 = f64x2.add(s1, f64x2.mul(v128.load(a + k, 16), v128.load(b + k, 16)));
      }
    } else {
      for (let k: usize = 0; k < length; k += UNIT) {
        s0 = f64x2.add(s0, f64x2.mul(wide(a + k), wide(b + k)));
        s1 = f64x2.add(s1, f64x2.mul(wide(a + k + 8), wide(b + k + 8)));
        s2 = f64x2.add(s2, f64x2.mul(wide(a + k + 16), wide(b + k + 16)));
        s3 = f64x2.add(s3, f64x2.mul(wide(a + k + 24), wide(b + k + 24)));
      }
    }
    a += aStride;
    b += bStride;
  }
  const all = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(all, 0) + f64x2.extract_lane(all, 1);
  // Not the rows that fill up the last panel: they may hold anything.
  const held = rows % lanes<T>();
  for (let i: usize = 0; i < held; i++) {
    for (let k: usize = i * sizeof<T>(); k < length; k += UNIT) {
      sum += <f64>load<T>(a + k) * <f64>load<T>(b + k);
    }
  }
  return sum;
}

/** Packed z [rows, 1] of Σ over the inner indices of A ⊙ B, summed in float64. */
export function rowDots<T>(
  a: usize, aStride: usize, b: usize, bStride: usize, z: usize, zStride: usize,
  rows: usize, inner: usize,
): void {
  const length = inner * UNIT;
  const count = panels<T>(rows);
  for (let p: usize = 0; p < count; p++) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    if (sizeof<T>() == 8) {
      for (let k: usize = 0; k < length; k += UNIT) {
        s0 = f64x2.add(s0, f64x2.mul(v128.load(a + k), v128.load(b + k)));
        s1 = f64x2.add(s1, f64x2.mul(v128.load(a + k, 16), v128.load(b + k, 16)));
      }
      v128.store(z, s0);
      v128.store(z, s1, 16);
    } else {
      let s2 = f64x2.splat(0);
      let s3 = f64x2.splat(0);
      for (let k: usize = 0; k < length; k += UNIT) {
        s0 = f64x2.add(s0, f64x2.mul(wide(a + k), wide(b + k)));
        s1 = f64x2.add(s1, f64x2.mul(wide(a + k + 8), wide(b + k + 8)));
        s2 = f64x2.add(s2, f64x2.mul(wide(a + k + 16), wide(b + k + 16)));
        s3 = f64x2.add(s3, f64x2.mul(wide(a + k + 24), wide(b + k + 24)));
      }
      v128.store(z, narrow(s0, s1));
      v128.store(z, narrow(s2, s3), 16);
    }
    a += aStride;
    b += bStride;
    z += zStride;
  }
}

/** Four float64 as float32. */
// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}
