import { lanes, panels, UNIT } from "./product";

/**
 * Packed Xᵀ at `target` of packed X [rows, inner] at `source`. Reads and writes whole panels, so the
 * target's stride must be that of its inner size rounded up to one.
 */
export function turn<T>(
  source: usize, sourceStride: usize, rows: usize, inner: usize, target: usize, targetStride: usize,
): void {
  const across = panels<T>(rows);
  const down = panels<T>(inner);
  for (let p: usize = 0; p < across; p++) {
    let from = source + p * sourceStride;
    let to = target + p * lanes<T>() * UNIT;
    for (let q: usize = 0; q < down; q++) {
      if (sizeof<T>() == 8) square64(from, to);
      else square32(from, to);
      from += lanes<T>() * UNIT;
      to += targetStride;
    }
  }
}

/** The transpose of four inner indices of a panel of float64. */
// @ts-ignore: decorator
@inline
function square64(from: usize, to: usize): void {
  const a0 = v128.load(from);
  const a1 = v128.load(from, 16);
  const b0 = v128.load(from, 32);
  const b1 = v128.load(from, 48);
  const c0 = v128.load(from, 64);
  const c1 = v128.load(from, 80);
  const d0 = v128.load(from, 96);
  const d1 = v128.load(from, 112);
  v128.store(to, v128.shuffle<f64>(a0, b0, 0, 2));
  v128.store(to, v128.shuffle<f64>(c0, d0, 0, 2), 16);
  v128.store(to, v128.shuffle<f64>(a0, b0, 1, 3), 32);
  v128.store(to, v128.shuffle<f64>(c0, d0, 1, 3), 48);
  v128.store(to, v128.shuffle<f64>(a1, b1, 0, 2), 64);
  v128.store(to, v128.shuffle<f64>(c1, d1, 0, 2), 80);
  v128.store(to, v128.shuffle<f64>(a1, b1, 1, 3), 96);
  v128.store(to, v128.shuffle<f64>(c1, d1, 1, 3), 112);
}

/** The transpose of eight inner indices of a panel of float32, in quarters. */
// @ts-ignore: decorator
@inline
function square32(from: usize, to: usize): void {
  for (let right: usize = 0; right < 2; right++) {
    for (let low: usize = 0; low < 2; low++) {
      const source = from + right * 4 * UNIT + low * 16;
      const target = to + low * 4 * UNIT + right * 16;
      const r0 = v128.load(source);
      const r1 = v128.load(source, 32);
      const r2 = v128.load(source, 64);
      const r3 = v128.load(source, 96);
      const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const b = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const c = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(target, v128.shuffle<f64>(a, b, 0, 2));
      v128.store(target, v128.shuffle<f64>(a, b, 1, 3), 32);
      v128.store(target, v128.shuffle<f64>(c, d, 0, 2), 64);
      v128.store(target, v128.shuffle<f64>(c, d, 1, 3), 96);
    }
  }
}
