// The recursion of one pair of chains, in packed matrices throughout: a packed product X·Yᵀ is again
// packed with the rows of X in its panels, so each result is an operand of the next product.
import { lanes, panels, product, UNIT } from "./product";

/** A chain: how many steps (8 bytes), then the steps. */
const HEAD: usize = 8;

/** A step as it lies in memory: eight 32-bit words. */
@unmanaged
class Step {
  /** 0 linear, 1 bilinear. */
  kind: u32;
  inputs: u32;
  /** Hidden units of a bilinear step. */
  hidden: u32;
  outputs: u32;
  /** Packed W, or L. */
  left: u32;
  /** Packed R. */
  right: u32;
  /** Packed D. */
  down: u32;
  /** Base-2 exponent taken out of the weights. */
  exponent: i32;
}
const STEP: usize = 32;

/** Panels of outputs reduced at a time in the last step, whose product is never stored whole. */
const BLOCK: usize = 16;

/** Packed Z [rows of X, rows of Y] = X·Yᵀ. */
// @ts-ignore: decorator
@inline
function multiply<T>(
  x: usize, xRows: usize, xInner: usize, y: usize, yRows: usize, yInner: usize, inner: usize, z: usize,
): void {
  product<T>(
    x, panels<T>(xRows), xInner * UNIT, y, panels<T>(yRows), yInner * UNIT,
    inner, z, packedBytes<T>(1, yRows), UNIT,
  );
}

/** Rows rounded up to whole panels. */
// @ts-ignore: decorator
@inline
function padded<T>(rows: usize): usize {
  return panels<T>(rows) * lanes<T>();
}

/** Bytes of a packed product [rows, inner]. */
// @ts-ignore: decorator
@inline
function packedBytes<T>(rows: usize, inner: usize): usize {
  return panels<T>(rows) * padded<T>(inner) * UNIT;
}

/** K = ½ (LL ⊙ RR + LR ⊙ RL), over LL. */
function symmetrised<T>(ll: usize, rr: usize, lr: usize, rl: usize, bytes: usize): void {
  const half = v128.splat<T>(<T>0.5);
  for (let at: usize = 0; at < bytes; at += 16) {
    const straight = v128.mul<T>(v128.load(ll + at), v128.load(rr + at));
    const crossed = v128.mul<T>(v128.load(lr + at), v128.load(rl + at));
    v128.store(ll + at, v128.mul<T>(half, v128.add<T>(straight, crossed)));
  }
}

/** K = LL ⊙ RR, over LL. */
function straight<T>(ll: usize, rr: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(ll + at, v128.mul<T>(v128.load(ll + at), v128.load(rr + at)));
  }
}

/** Takes the power of two out of packed numbers, so that the largest lies in [1, 2); returns its exponent. */
function normalise<T>(at: usize, bytes: usize): i32 {
  let largest = i64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    largest = v128.max<T>(largest, v128.abs<T>(v128.load(at + i)));
  }
  let top: f64 = 0;
  if (sizeof<T>() == 8) {
    top = NativeMath.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  } else {
    top = NativeMath.max(
      NativeMath.max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
      NativeMath.max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
    );
  }
  // Zero has nothing to take out; infinity and NaN stay what they are.
  if (!(top > 0 && top < Infinity)) return 0;
  let exponent = <i32>(reinterpret<u64>(top) >> 52) - 1023;
  // The scale 2^−exponent must itself be a number of the format.
  const limit = sizeof<T>() == 8 ? 1022 : 126;
  exponent = max<i32>(-limit, min<i32>(limit, exponent));
  const scale = v128.splat<T>(<T>reinterpret<f64>(<u64>(1023 - exponent) << 52));
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(at + i, v128.mul<T>(v128.load(at + i), scale));
  }
  return exponent;
}

/** out[i] = Σ_k P[i, k]·Q[i, k] of `count` panels, in float64. */
function rowSums<T>(
  p: usize, pStride: usize, q: usize, qStride: usize, count: usize, inner: usize, out: usize,
): void {
  for (let i: usize = 0; i < count; i++) {
    const pi = p + i * pStride;
    const qi = q + i * qStride;
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    if (sizeof<T>() == 8) {
      for (let at: usize = 0; at < inner * UNIT; at += UNIT) {
        s0 = f64x2.add(s0, f64x2.mul(v128.load(pi + at), v128.load(qi + at)));
        s1 = f64x2.add(s1, f64x2.mul(v128.load(pi + at, 16), v128.load(qi + at, 16)));
      }
      v128.store(out, s0);
      v128.store(out, s1, 16);
      out += 32;
    } else {
      let s2 = f64x2.splat(0);
      let s3 = f64x2.splat(0);
      for (let at: usize = 0; at < inner * UNIT; at += UNIT) {
        s0 = f64x2.add(s0, f64x2.mul(wide(pi + at), wide(qi + at)));
        s1 = f64x2.add(s1, f64x2.mul(wide(pi + at + 8), wide(qi + at + 8)));
        s2 = f64x2.add(s2, f64x2.mul(wide(pi + at + 16), wide(qi + at + 16)));
        s3 = f64x2.add(s3, f64x2.mul(wide(pi + at + 24), wide(qi + at + 24)));
      }
      v128.store(out, s0);
      v128.store(out, s1, 16);
      v128.store(out, s2, 32);
      v128.store(out, s3, 48);
      out += 64;
    }
  }
}

/** Two float32 as float64. */
// @ts-ignore: decorator
@inline
function wide(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/**
 * out[o] = Σ_k (X·Yᵀ)[o, k]·Q[o, k]: the diagonal of a product of three, by blocks of outputs, so that
 * neither X·Yᵀ nor the whole output moment is stored. Y has `rows` rows, Q as many inner indices.
 */
function diagonal<T>(
  x: usize, outputs: usize, inner: usize, y: usize, rows: usize, yInner: usize, q: usize,
  block: usize, out: usize,
): void {
  const count = panels<T>(outputs);
  const stride = packedBytes<T>(1, rows);
  for (let from: usize = 0; from < count; from += BLOCK) {
    const held = min(BLOCK, count - from);
    product<T>(
      x + from * inner * UNIT, held, inner * UNIT, y, panels<T>(rows), yInner * UNIT,
      inner, block, stride, UNIT,
    );
    rowSums<T>(
      block, stride, q + from * rows * UNIT, rows * UNIT, held, rows, out + from * lanes<T>() * 8,
    );
  }
}

/**
 * The recursion of chains a and b. At `out`: the diagonal of the last metric, a float64 per output
 * (rounded up to whole panels); returns the exponent of two that it is to be scaled by.
 *
 * Room: metric [outputs of a, outputs of b] of a step; u, v [hidden of b, inputs of a] and anything
 * [outputs of b, hidden or inputs of a], at most `BLOCK` panels in the last step; ll, rr, lr, rl
 * [hidden of a, hidden of b].
 */
function pair<T>(
  a: usize, b: usize, symmetrise: bool, metric: usize, u: usize, v: usize,
  ll: usize, rr: usize, lr: usize, rl: usize, out: usize,
): i32 {
  const count = load<u32>(a);
  let exponent: i32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const s = changetype<Step>(a + HEAD + i * STEP);
    const t = changetype<Step>(b + HEAD + i * STEP);
    const first = i == 0;
    const last = i == count - 1;
    const sIn = <usize>s.inputs;
    const tIn = <usize>t.inputs;
    // What a metric [sIn, tIn] takes between rows of panels: it is a product, so padded.
    const metricInner = padded<T>(tIn);
    if (s.kind == 0) {
      exponent += s.exponent + t.exponent;
      if (first && last) {
        rowSums<T>(t.left, tIn * UNIT, s.left, sIn * UNIT, panels<T>(s.outputs), sIn, out);
      } else if (first) {
        multiply<T>(s.left, s.outputs, sIn, t.left, t.outputs, tIn, sIn, metric);
      } else if (last) {
        diagonal<T>(t.left, t.outputs, tIn, metric, sIn, metricInner, s.left, u, out);
      } else {
        multiply<T>(t.left, t.outputs, tIn, metric, sIn, metricInner, tIn, u);
        multiply<T>(s.left, s.outputs, sIn, u, t.outputs, padded<T>(sIn), sIn, metric);
      }
    } else {
      exponent = 2 * exponent + s.exponent + t.exponent;
      const m = <usize>s.hidden;
      const n = <usize>t.hidden;
      // Left and right of b through the metric, [n, sIn]; b itself while the metric is the identity.
      let left = <usize>t.left;
      let right = <usize>t.right;
      let inner = tIn;
      if (!first) {
        multiply<T>(t.left, n, tIn, metric, sIn, metricInner, tIn, u);
        multiply<T>(t.right, n, tIn, metric, sIn, metricInner, tIn, v);
        left = u;
        right = v;
        inner = padded<T>(sIn);
      }
      const bytes = packedBytes<T>(m, n);
      multiply<T>(s.left, m, sIn, left, n, inner, sIn, ll);
      multiply<T>(s.right, m, sIn, right, n, inner, sIn, rr);
      if (symmetrise) {
        multiply<T>(s.left, m, sIn, right, n, inner, sIn, lr);
        multiply<T>(s.right, m, sIn, left, n, inner, sIn, rl);
        symmetrised<T>(ll, rr, lr, rl, bytes);
      } else {
        straight<T>(ll, rr, bytes);
      }
      if (last) {
        diagonal<T>(t.down, t.outputs, n, ll, m, padded<T>(n), s.down, u, out);
      } else {
        multiply<T>(t.down, t.outputs, n, ll, m, padded<T>(n), n, u);
        multiply<T>(s.down, s.outputs, m, u, t.outputs, padded<T>(m), m, metric);
      }
    }
    if (!last) exponent += normalise<T>(metric, packedBytes<T>(s.outputs, t.outputs));
  }
  return exponent;
}

export function pair64(
  a: usize, b: usize, symmetrise: bool, metric: usize, u: usize, v: usize,
  ll: usize, rr: usize, lr: usize, rl: usize, out: usize,
): i32 {
  return pair<f64>(a, b, symmetrise, metric, u, v, ll, rr, lr, rl, out);
}

export function pair32(
  a: usize, b: usize, symmetrise: bool, metric: usize, u: usize, v: usize,
  ll: usize, rr: usize, lr: usize, rl: usize, out: usize,
): i32 {
  return pair<f32>(a, b, symmetrise, metric, u, v, ll, rr, lr, rl, out);
}
