// Steps packed as the forms are built from them, see form-tile.ts.
import { lanes, panels, UNIT } from "./product";

/** A step as the forms are built from it. */
@unmanaged
export class Step {
  /** Columns of L and R packed in panels, [inputs, hidden]. */
  left: u32;
  right: u32;
  /** D, rows by two, see packRowPairs. */
  down: u32;
  hidden: u32;
}
export const STEP: usize = 16;

/** Panels that hold `inputs` columns, by two. */
// @ts-ignore: decorator
@inline
export function evenPanels<T>(inputs: usize): usize {
  return (panels<T>(inputs) + 1) & ~1;
}

/** The base-2 exponent of the largest |x| of float64 numbers; 0 when it is 0, infinite or NaN. */
function exponentOf(at: usize, count: usize): i32 {
  let largest = f64x2.splat(0);
  const end = at + (count & ~1) * 8;
  let i = at;
  for (; i < end; i += 16) largest = f64x2.max(largest, f64x2.abs(v128.load(i)));
  let top = NativeMath.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  if (count & 1) top = NativeMath.max(top, NativeMath.abs(load<f64>(i)));
  if (!(top > 0 && top < Infinity)) return 0;
  const exponent = <i32>(reinterpret<u64>(top) >> 52) - 1023;
  // The scale 2^−exponent must itself be a number of the format.
  return max<i32>(-1022, min<i32>(1022, exponent));
}

// @ts-ignore: decorator
@inline
function power(exponent: i32): f64 {
  return reinterpret<f64>(<u64>(1023 + exponent) << 52);
}

/**
 * Packs the columns of row-major float64 `source` [hidden, inputs], times `scale`, into an even number of
 * panels.
 */
function packSide<T>(source: usize, hidden: usize, inputs: usize, scale: f64, target: usize): void {
  const factor = f64x2.splat(scale);
  const row = inputs * 8;
  const whole = inputs / lanes<T>();
  for (let p: usize = 0; p < whole; p++) {
    let from = source + p * lanes<T>() * 8;
    let to = target + p * hidden * UNIT;
    for (let h: usize = 0; h < hidden; h++) {
      const a = f64x2.mul(v128.load(from), factor);
      const b = f64x2.mul(v128.load(from, 16), factor);
      if (sizeof<T>() == 8) {
        v128.store(to, a);
        v128.store(to, b, 16);
      } else {
        const c = f64x2.mul(v128.load(from, 32), factor);
        const d = f64x2.mul(v128.load(from, 48), factor);
        v128.store(to, narrow(a, b));
        v128.store(to, narrow(c, d), 16);
      }
      from += row;
      to += UNIT;
    }
  }
  let from = source + whole * lanes<T>() * 8;
  let to = target + whole * hidden * UNIT;
  memory.fill(to, 0, (evenPanels<T>(inputs) - whole) * hidden * UNIT);
  const held = inputs - whole * lanes<T>();
  if (held == 0) return;
  for (let h: usize = 0; h < hidden; h++) {
    for (let k: usize = 0; k < held; k++) {
      store<T>(to + k * sizeof<T>(), <T>(load<f64>(from + k * 8) * scale));
    }
    from += row;
    to += UNIT;
  }
}

// @ts-ignore: decorator
@inline
function narrow(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

/** D [outputs, hidden], rows by two: for each unit the entries of both, then of the next two; the last may be alone. */
function packRowPairs<T>(
  source: usize, outputs: usize, hidden: usize, scale: f64, target: usize,
): void {
  let to = target;
  for (let o: usize = 0; o < outputs; o += 2) {
    const rows = min<usize>(2, outputs - o);
    for (let h: usize = 0; h < hidden; h++) {
      for (let i: usize = 0; i < rows; i++) {
        store<T>(to, <T>(load<f64>(source + ((o + i) * hidden + h) * 8) * scale));
        to += sizeof<T>();
      }
    }
  }
}

/**
 * Packs L, R [hidden, inputs] and D [outputs, hidden], row-major float64 one after the other at `source`,
 * a power of two taken out of each; returns the exponent of all three together.
 */
function packStep<T>(
  source: usize, inputs: usize, hidden: usize, outputs: usize, left: usize, right: usize, down: usize,
): i32 {
  const side = hidden * inputs;
  const second = source + side * 8;
  const third = second + side * 8;
  const e0 = exponentOf(source, side);
  const e1 = exponentOf(second, side);
  const e2 = exponentOf(third, outputs * hidden);
  packSide<T>(source, hidden, inputs, power(-e0), left);
  packSide<T>(second, hidden, inputs, power(-e1), right);
  packRowPairs<T>(third, outputs, hidden, power(-e2), down);
  return e0 + e1 + e2;
}

export function packStep64(
  source: usize, inputs: usize, hidden: usize, outputs: usize, left: usize, right: usize, down: usize,
): i32 {
  return packStep<f64>(source, inputs, hidden, outputs, left, right, down);
}

export function packStep32(
  source: usize, inputs: usize, hidden: usize, outputs: usize, left: usize, right: usize, down: usize,
): i32 {
  return packStep<f32>(source, inputs, hidden, outputs, left, right, down);
}
