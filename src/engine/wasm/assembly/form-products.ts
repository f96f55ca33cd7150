// Inner products of networks by their features, which form-tile.ts makes.
import { FEATURES } from "./form-tile";
import { lanes, tile, UNIT } from "./product";

/** Panels of networks that stay in the second-level cache while others pass by. */
const PASSED: usize = 32;

/**
 * Adds the products of features to row-major float64 `gram` [networks, networks], of the panels of networks
 * from `first` to `last` with all up to themselves. Panels lie `stride` bytes apart at `features`, `tiles`
 * tiles each; `room` is for one block.
 */
function formProducts<T>(
  features: usize, stride: usize, tiles: usize, first: usize, last: usize, all: usize,
  gram: usize, room: usize,
): void {
  const row = all * lanes<T>() * 8;
  const parts = lanes<T>() / 4;
  for (let f: usize = 0; f < tiles; f++) {
    const from = f * FEATURES * UNIT;
    const to = from + FEATURES * UNIT;
    for (let start: usize = 0; start < last; start += PASSED) {
      for (let p = max(first, start); p < last; p++) {
        const x = features + p * stride;
        const end = min(start + PASSED, p + 1);
        for (let q = start; q < end; q++) {
          for (let part: usize = 0; part < parts; part++) {
            const y = features + q * stride + part * 16 + from;
            const z = gram + (q * lanes<T>() + part * 4) * row + p * lanes<T>() * 8;
            if (sizeof<T>() == 8) {
              tile<T>(x + from, x + to, y, z, row, true);
            } else {
              tile<T>(x + from, x + to, y, room, UNIT, false);
              for (let i: usize = 0; i < 4; i++) widen(room + i * UNIT, z + i * row);
            }
          }
        }
      }
    }
  }
}

/** Adds eight float32 numbers to as many float64. */
// @ts-ignore: decorator
@inline
function widen(from: usize, to: usize): void {
  for (let k: usize = 0; k < 4; k++) {
    const two = f64x2.promote_low_f32x4(v128.load64_zero(from + k * 8));
    v128.store(to + k * 16, f64x2.add(v128.load(to + k * 16), two));
  }
}

export function formProducts64(
  features: usize, stride: usize, tiles: usize, first: usize, last: usize, all: usize,
  gram: usize, room: usize,
): i32 {
  formProducts<f64>(features, stride, tiles, first, last, all, gram, room);
  return 0;
}

export function formProducts32(
  features: usize, stride: usize, tiles: usize, first: usize, last: usize, all: usize,
  gram: usize, room: usize,
): i32 {
  formProducts<f32>(features, stride, tiles, first, last, all, gram, room);
  return 0;
}
