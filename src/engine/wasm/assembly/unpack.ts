import { lanes, panels, UNIT } from "./product";

/**
 * Row-major `target` [rows, inner], its rows `row` bytes apart = weight · the packed matrix at `source`,
 * its panels `stride` bytes apart.
 */
export function unpackRows<T>(
  source: usize, stride: usize, rows: usize, inner: usize, weight: f64, target: usize, row: usize,
): void {
  const count = panels<T>(rows);
  for (let p: usize = 0; p < count; p++) {
    const held = min(rows - p * lanes<T>(), lanes<T>());
    const from = source + p * stride;
    const to = target + p * lanes<T>() * row;
    let k: usize = 0;
    if (held == lanes<T>()) {
      if (sizeof<T>() == 8) k = untranspose64(from, inner, weight, to, row);
      else k = untranspose32(from, inner, weight, to, row);
    }
    for (; k < inner; k++) {
      for (let i: usize = 0; i < held; i++) {
        const entry = load<T>(from + k * UNIT + i * sizeof<T>());
        store<T>(to + i * row + k * sizeof<T>(), <T>weight * entry + <T>0);
      }
    }
  }
}

/** Row-major `target` [inner, rows] = weight · the transpose of the packed matrix [rows, inner]. */
export function unpackColumns<T>(
  source: usize, stride: usize, rows: usize, inner: usize, weight: f64, target: usize, row: usize,
): void {
  const factor = v128.splat<T>(<T>weight);
  const zero = i64x2.splat(0);
  const count = panels<T>(rows);
  for (let p: usize = 0; p < count; p++) {
    const held = min(rows - p * lanes<T>(), lanes<T>());
    let from = source + p * stride;
    const end = from + inner * UNIT;
    let to = target + p * UNIT;
    if (held == lanes<T>()) {
      for (; from < end; from += UNIT, to += row) {
        v128.store(to, v128.add<T>(v128.mul<T>(factor, v128.load(from)), zero));
        v128.store(to, v128.add<T>(v128.mul<T>(factor, v128.load(from, 16)), zero), 16);
      }
    } else {
      for (; from < end; from += UNIT, to += row) {
        for (let i: usize = 0; i < held; i++) {
          const entry = load<T>(from + i * sizeof<T>());
          store<T>(to + i * sizeof<T>(), <T>weight * entry + <T>0);
        }
      }
    }
  }
}

/** A panel of float64, two inner indices at a time; returns how many were unpacked. */
function untranspose64(from: usize, inner: usize, weight: f64, to: usize, row: usize): usize {
  const whole = inner & ~1;
  const factor = f64x2.splat(weight);
  const zero = f64x2.splat(0);
  for (let k: usize = 0; k < whole; k += 2) {
    const a = f64x2.add(f64x2.mul(factor, v128.load(from)), zero);
    const b = f64x2.add(f64x2.mul(factor, v128.load(from, 16)), zero);
    const c = f64x2.add(f64x2.mul(factor, v128.load(from, 32)), zero);
    const d = f64x2.add(f64x2.mul(factor, v128.load(from, 48)), zero);
    const at = to + k * 8;
    v128.store(at, v128.shuffle<f64>(a, c, 0, 2));
    v128.store(at + row, v128.shuffle<f64>(a, c, 1, 3));
    v128.store(at + 2 * row, v128.shuffle<f64>(b, d, 0, 2));
    v128.store(at + 3 * row, v128.shuffle<f64>(b, d, 1, 3));
    from += 2 * UNIT;
  }
  return whole;
}

/** A panel of float32, four inner indices at a time. */
function untranspose32(from: usize, inner: usize, weight: f64, to: usize, row: usize): usize {
  const whole = inner & ~3;
  const factor = f32x4.splat(<f32>weight);
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < whole; k += 4) {
    for (let half: usize = 0; half < 2; half++) {
      const source = from + half * 16;
      const r0 = f32x4.add(f32x4.mul(factor, v128.load(source)), zero);
      const r1 = f32x4.add(f32x4.mul(factor, v128.load(source, 32)), zero);
      const r2 = f32x4.add(f32x4.mul(factor, v128.load(source, 64)), zero);
      const r3 = f32x4.add(f32x4.mul(factor, v128.load(source, 96)), zero);
      const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      const at = to + half * 4 * row + k * 4;
      v128.store(at, v128.shuffle<f64>(a, b, 0, 2));
      v128.store(at + row, v128.shuffle<f64>(a, b, 1, 3));
      v128.store(at + 2 * row, v128.shuffle<f64>(c, d, 0, 2));
      v128.store(at + 3 * row, v128.shuffle<f64>(c, d, 1, 3));
    }
    from += 4 * UNIT;
  }
  return whole;
}
