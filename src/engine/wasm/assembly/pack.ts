import { lanes, panels, UNIT } from "./product";

/**
 * Packs row-major `source` [rows, inner], its rows `row` bytes apart, into panels at `target`, `stride`
 * bytes apart; rows beyond the last become zeros.
 */
export function packRows<T>(
  source: usize, row: usize, rows: usize, inner: usize, target: usize, stride: usize,
): void {
  const count = panels<T>(rows);
  for (let p: usize = 0; p < count; p++) {
    const held = min(rows - p * lanes<T>(), lanes<T>());
    const from = source + p * lanes<T>() * row;
    const to = target + p * stride;
    if (held < lanes<T>()) memory.fill(to, 0, inner * UNIT);
    let k: usize = 0;
    if (held == lanes<T>()) {
      if (sizeof<T>() == 8) k = transpose64(from, row, inner, to);
      else k = transpose32(from, row, inner, to);
    }
    for (; k < inner; k++) {
      for (let i: usize = 0; i < held; i++) {
        store<T>(to + k * UNIT + i * sizeof<T>(), load<T>(from + i * row + k * sizeof<T>()));
      }
    }
  }
}

/** Packs the transpose of row-major `source` [inner, rows], its rows `row` bytes apart. */
export function packColumns<T>(
  source: usize, row: usize, rows: usize, inner: usize, target: usize, stride: usize,
): void {
  const count = panels<T>(rows);
  for (let p: usize = 0; p < count; p++) {
    const held = min(rows - p * lanes<T>(), lanes<T>());
    let from = source + p * UNIT;
    let to = target + p * stride;
    const end = to + inner * UNIT;
    if (held == lanes<T>()) {
      for (; to < end; to += UNIT, from += row) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      }
    } else {
      memory.fill(to, 0, inner * UNIT);
      for (; to < end; to += UNIT, from += row) {
        for (let i: usize = 0; i < held; i++) {
          store<T>(to + i * sizeof<T>(), load<T>(from + i * sizeof<T>()));
        }
      }
    }
  }
}

/** Four rows of float64, two inner indices at a time; returns how many were packed. */
function transpose64(from: usize, row: usize, inner: usize, to: usize): usize {
  const whole = inner & ~1;
  for (let k: usize = 0; k < whole; k += 2) {
    const at = from + k * 8;
    const r0 = v128.load(at);
    const r1 = v128.load(at + row);
    const r2 = v128.load(at + 2 * row);
    const r3 = v128.load(at + 3 * row);
    v128.store(to, v128.shuffle<f64>(r0, r1, 0, 2));
    v128.store(to, v128.shuffle<f64>(r2, r3, 0, 2), 16);
    v128.store(to, v128.shuffle<f64>(r0, r1, 1, 3), 32);
    v128.store(to, v128.shuffle<f64>(r2, r3, 1, 3), 48);
    to += 2 * UNIT;
  }
  return whole;
}

/** Eight rows of float32, four inner indices at a time. */
function transpose32(from: usize, row: usize, inner: usize, to: usize): usize {
  const whole = inner & ~3;
  for (let half: usize = 0; half < 2; half++) {
    let at = from + half * 4 * row;
    let out = to + half * 16;
    for (let k: usize = 0; k < whole; k += 4) {
      const r0 = v128.load(at);
      const r1 = v128.load(at + row);
      const r2 = v128.load(at + 2 * row);
      const r3 = v128.load(at + 3 * row);
      const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f64>(a, b, 0, 2));
      v128.store(out, v128.shuffle<f64>(a, b, 1, 3), 32);
      v128.store(out, v128.shuffle<f64>(c, d, 0, 2), 64);
      v128.store(out, v128.shuffle<f64>(c, d, 1, 3), 96);
      at += 16;
      out += 4 * UNIT;
    }
  }
  return whole;
}
