// Bilinear steps as quadratic forms. With K_ij[h] = l_hi r_hj + r_hi l_hj, output o of a step is the form
// S_ij = ½ Σ_h D[o, h] K_ij[h], and the inner product of two steps is Σ_{i, j} S_ij S′_ij. A network's
// features are F = 2 S_ij for i < j, and S_ii twice, so that Σ_{i, j} S_ij S′_ij = ½ Σ F F′ without a
// root that would round: small whole numbers stay exact.
//
// Features come in tiles of 256: EDGE rows i by EDGE columns j on or above the diagonal, and tiles of the
// diagonal by itself, its second time. A tile is summed in registers before it meets memory, so results
// do not depend on how many tiles are held at a time.
import { lanes, panels, tile, UNIT } from "./product";

/** Rows and columns of a tile. */
const EDGE: usize = 16;
/** Features of a tile. */
const FEATURES: usize = EDGE * EDGE;
/** Units whose products are made before they are summed: they stay in the first-level cache. */
const DEPTH: usize = 128;
/** Bytes of a unit's products with two panels of columns, which are made and summed side by side. */
const PAIR: usize = 2 * UNIT;
/** Column of a tile that stands for the diagonal by itself. */
const DIAGONAL: u32 = 0xffffffff;
/** Panels of networks that stay in the second-level cache while others pass by. */
const PASSED: usize = 32;

/** A step as the forms are built from it. */
@unmanaged
class Step {
  /** Columns of L and R packed in panels, [inputs, hidden]. */
  left: u32;
  right: u32;
  /** D, rows by two, see packRowPairs. */
  down: u32;
  hidden: u32;
}
const STEP: usize = 16;

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

/** Panels that hold `inputs` columns, by two. */
// @ts-ignore: decorator
@inline
function evenPanels<T>(inputs: usize): usize {
  return (panels<T>(inputs) + 1) & ~1;
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

/** K for one row i and two panels of columns at `lp`, `rp`: l_i r_j + r_i l_j unit by unit. */
// @ts-ignore: decorator
@inline
function cross<T>(li: usize, ri: usize, lp: usize, rp: usize, next: usize, end: usize, k: usize): void {
  do {
    const l = v128.load_splat<T>(li);
    const r = v128.load_splat<T>(ri);
    v128.store(k, v128.add<T>(v128.mul<T>(l, v128.load(rp)), v128.mul<T>(r, v128.load(lp))));
    v128.store(
      k, v128.add<T>(v128.mul<T>(l, v128.load(rp, 16)), v128.mul<T>(r, v128.load(lp, 16))), 16,
    );
    const ln = lp + next;
    const rn = rp + next;
    v128.store(k, v128.add<T>(v128.mul<T>(l, v128.load(rn)), v128.mul<T>(r, v128.load(ln))), 32);
    v128.store(
      k, v128.add<T>(v128.mul<T>(l, v128.load(rn, 16)), v128.mul<T>(r, v128.load(ln, 16))), 48,
    );
    li += UNIT;
    ri += UNIT;
    lp += UNIT;
    rp += UNIT;
    k += PAIR;
  } while (lp < end);
}

/** As {@link cross} for rows i and i + 1, whose columns are read once for both; the second's K at `k2`. */
// @ts-ignore: decorator
@inline
function crossTwo<T>(
  li: usize, ri: usize, lp: usize, rp: usize, next: usize, end: usize, k: usize, k2: usize,
): void {
  do {
    const l = v128.load_splat<T>(li);
    const r = v128.load_splat<T>(ri);
    const l2 = v128.load_splat<T>(li, sizeof<T>());
    const r2 = v128.load_splat<T>(ri, sizeof<T>());
    const l0 = v128.load(lp);
    const r0 = v128.load(rp);
    v128.store(k, v128.add<T>(v128.mul<T>(l, r0), v128.mul<T>(r, l0)));
    v128.store(k2, v128.add<T>(v128.mul<T>(l2, r0), v128.mul<T>(r2, l0)));
    const l1 = v128.load(lp, 16);
    const r1 = v128.load(rp, 16);
    v128.store(k, v128.add<T>(v128.mul<T>(l, r1), v128.mul<T>(r, l1)), 16);
    v128.store(k2, v128.add<T>(v128.mul<T>(l2, r1), v128.mul<T>(r2, l1)), 16);
    const ln = lp + next;
    const rn = rp + next;
    const l3 = v128.load(ln);
    const r3 = v128.load(rn);
    v128.store(k, v128.add<T>(v128.mul<T>(l, r3), v128.mul<T>(r, l3)), 32);
    v128.store(k2, v128.add<T>(v128.mul<T>(l2, r3), v128.mul<T>(r2, l3)), 32);
    const l4 = v128.load(ln, 16);
    const r4 = v128.load(rn, 16);
    v128.store(k, v128.add<T>(v128.mul<T>(l, r4), v128.mul<T>(r, l4)), 48);
    v128.store(k2, v128.add<T>(v128.mul<T>(l2, r4), v128.mul<T>(r2, l4)), 48);
    li += UNIT;
    ri += UNIT;
    lp += UNIT;
    rp += UNIT;
    k += PAIR;
    k2 += PAIR;
  } while (lp < end);
}

/** K of two panels of the diagonal by itself: l_i r_i. */
// @ts-ignore: decorator
@inline
function square<T>(lp: usize, rp: usize, next: usize, end: usize, k: usize): void {
  do {
    v128.store(k, v128.mul<T>(v128.load(lp), v128.load(rp)));
    v128.store(k, v128.mul<T>(v128.load(lp, 16), v128.load(rp, 16)), 16);
    const ln = lp + next;
    const rn = rp + next;
    v128.store(k, v128.mul<T>(v128.load(ln), v128.load(rn)), 32);
    v128.store(k, v128.mul<T>(v128.load(ln, 16), v128.load(rn, 16)), 48);
    lp += UNIT;
    rp += UNIT;
    k += PAIR;
  } while (lp < end);
}

/** Two rows of D, at `d`, times the units from `k` to `end`: 64 bytes at z for each. */
// @ts-ignore: decorator
@inline
function twoRows<T>(d: usize, k: usize, end: usize, z: usize, add: bool): void {
  let c00 = i64x2.splat(0);
  let c01 = i64x2.splat(0);
  let c02 = i64x2.splat(0);
  let c03 = i64x2.splat(0);
  let c10 = i64x2.splat(0);
  let c11 = i64x2.splat(0);
  let c12 = i64x2.splat(0);
  let c13 = i64x2.splat(0);
  if (add) {
    c00 = v128.load(z);
    c01 = v128.load(z, 16);
    c02 = v128.load(z, 32);
    c03 = v128.load(z, 48);
    c10 = v128.load(z, 64);
    c11 = v128.load(z, 80);
    c12 = v128.load(z, 96);
    c13 = v128.load(z, 112);
  }
  do {
    const y0 = v128.load_splat<T>(d);
    const y1 = v128.load_splat<T>(d, sizeof<T>());
    const x0 = v128.load(k);
    c00 = v128.add<T>(c00, v128.mul<T>(x0, y0));
    c10 = v128.add<T>(c10, v128.mul<T>(x0, y1));
    const x1 = v128.load(k, 16);
    c01 = v128.add<T>(c01, v128.mul<T>(x1, y0));
    c11 = v128.add<T>(c11, v128.mul<T>(x1, y1));
    const x2 = v128.load(k, 32);
    c02 = v128.add<T>(c02, v128.mul<T>(x2, y0));
    c12 = v128.add<T>(c12, v128.mul<T>(x2, y1));
    const x3 = v128.load(k, 48);
    c03 = v128.add<T>(c03, v128.mul<T>(x3, y0));
    c13 = v128.add<T>(c13, v128.mul<T>(x3, y1));
    d += 2 * sizeof<T>();
    k += PAIR;
  } while (k < end);
  v128.store(z, c00);
  v128.store(z, c01, 16);
  v128.store(z, c02, 32);
  v128.store(z, c03, 48);
  v128.store(z, c10, 64);
  v128.store(z, c11, 80);
  v128.store(z, c12, 96);
  v128.store(z, c13, 112);
}

/** The last row of D where their number is odd. */
// @ts-ignore: decorator
@inline
function oneRow<T>(d: usize, k: usize, end: usize, z: usize, add: bool): void {
  let c0 = i64x2.splat(0);
  let c1 = i64x2.splat(0);
  let c2 = i64x2.splat(0);
  let c3 = i64x2.splat(0);
  if (add) {
    c0 = v128.load(z);
    c1 = v128.load(z, 16);
    c2 = v128.load(z, 32);
    c3 = v128.load(z, 48);
  }
  do {
    const y = v128.load_splat<T>(d);
    c0 = v128.add<T>(c0, v128.mul<T>(v128.load(k), y));
    c1 = v128.add<T>(c1, v128.mul<T>(v128.load(k, 16), y));
    c2 = v128.add<T>(c2, v128.mul<T>(v128.load(k, 32), y));
    c3 = v128.add<T>(c3, v128.mul<T>(v128.load(k, 48), y));
    d += sizeof<T>();
    k += PAIR;
  } while (k < end);
  v128.store(z, c0);
  v128.store(z, c1, 16);
  v128.store(z, c2, 32);
  v128.store(z, c3, 48);
}

/** D K for the units from `from` to `to` whose products lie at `k`: output o, 64 bytes, at z + 64 o. */
function outputsTimes<T>(
  down: usize, outputs: usize, hidden: usize, from: usize, to: usize, k: usize, z: usize,
): void {
  const end = k + (to - from) * PAIR;
  const add = from > 0;
  const whole = outputs & ~1;
  for (let o: usize = 0; o < whole; o += 2) {
    twoRows<T>(down + (o * hidden + from * 2) * sizeof<T>(), k, end, z + o * PAIR, add);
  }
  if (whole < outputs) {
    oneRow<T>(down + (whole * hidden + from) * sizeof<T>(), k, end, z + whole * PAIR, add);
  }
}

/** Puts the entries of one 16-byte vector where features lie. */
// @ts-ignore: decorator
@inline
function spreadVector<T>(vector: v128, at: usize): void {
  if (sizeof<T>() == 8) {
    v128.store64_lane(at, vector, 0);
    v128.store64_lane(at, vector, 1, 32);
  } else {
    v128.store32_lane(at, vector, 0);
    v128.store32_lane(at, vector, 1, 32);
    v128.store32_lane(at, vector, 2, 64);
    v128.store32_lane(at, vector, 3, 96);
  }
}

/** Puts two panels of features at z, one network's, where features lie. */
function spread<T>(z: usize, outputs: usize, to: usize, stride: usize): void {
  const step = UNIT * (16 / sizeof<T>());
  for (let o: usize = 0; o < outputs; o++) {
    const at = to + o * stride;
    const from = z + o * PAIR;
    spreadVector<T>(v128.load(from), at);
    spreadVector<T>(v128.load(from, 16), at + step);
    spreadVector<T>(v128.load(from, 32), at + 2 * step);
    spreadVector<T>(v128.load(from, 48), at + 3 * step);
  }
}

/** Two panels of features of one network that are all 0. */
function clear<T>(outputs: usize, to: usize, stride: usize): void {
  for (let o: usize = 0; o < outputs; o++) {
    const at = to + o * stride;
    for (let f: usize = 0; f < 2 * lanes<T>(); f++) store<T>(at + f * UNIT, 0);
  }
}

/**
 * One tile of the features of one network: feature f of output o at to + o·stride + 32 f. The sums of all
 * its rows grow together, some units at a time, so that these units and D stay in the first-level cache.
 */
function tileOf<T>(
  step: usize, inputs: usize, outputs: usize, tileRow: u32, tileColumn: u32,
  k: usize, z: usize, to: usize, stride: usize,
): void {
  const s = changetype<Step>(step);
  const wide = EDGE / lanes<T>();
  if (tileColumn == DIAGONAL) {
    // Of the diagonal by itself, a tile holds 256 columns one after the other.
    for (let f: usize = 0; f < FEATURES / lanes<T>(); f += 2) {
      const p = <usize>tileRow * EDGE * wide + f;
      const out = to + f * lanes<T>() * UNIT;
      diagonalOf<T>(s, inputs, outputs, p, k, z, out, stride);
    }
    return;
  }
  for (let q: usize = 0; q < wide; q += 2) {
    const p = <usize>tileColumn * wide + q;
    rowsOf<T>(s, inputs, outputs, <usize>tileRow * EDGE, p, k, z, to + q * lanes<T>() * UNIT, stride);
  }
}

/** Two panels of the diagonal by itself. */
function diagonalOf<T>(
  s: Step, inputs: usize, outputs: usize, p: usize, k: usize, z: usize, out: usize, stride: usize,
): void {
  if (p >= evenPanels<T>(inputs)) {
    clear<T>(outputs, out, stride);
    return;
  }
  const hidden = <usize>s.hidden;
  const panel = hidden * UNIT;
  const lp = <usize>s.left + p * panel;
  const rp = <usize>s.right + p * panel;
  for (let from: usize = 0; from < hidden; from += DEPTH) {
    const upTo = min(from + DEPTH, hidden);
    square<T>(lp + from * UNIT, rp + from * UNIT, panel, lp + upTo * UNIT, k);
    outputsTimes<T>(<usize>s.down, outputs, hidden, from, upTo, k, z);
  }
  spread<T>(z, outputs, out, stride);
}

/** EDGE rows from row `first` on and two panels of columns from panel p on. */
function rowsOf<T>(
  s: Step, inputs: usize, outputs: usize, first: usize, p: usize,
  k: usize, z: usize, to: usize, stride: usize,
): void {
  const hidden = <usize>s.hidden;
  const panel = hidden * UNIT;
  const lp = <usize>s.left + p * panel;
  const rp = <usize>s.right + p * panel;
  const j = p * lanes<T>();
  // Rows that reach the diagonal or lie above it, of those that there are.
  const after = p < evenPanels<T>(inputs) ? min(min(first + EDGE, inputs), j + 2 * lanes<T>()) : first;
  for (let from: usize = 0; from < hidden; from += DEPTH) {
    const upTo = min(from + DEPTH, hidden);
    const l = lp + from * UNIT;
    const r = rp + from * UNIT;
    const end = lp + upTo * UNIT;
    let i = first;
    for (; i + 1 < after; i += 2) {
      const at = (i / lanes<T>()) * panel + (i % lanes<T>()) * sizeof<T>() + from * UNIT;
      const k2 = k + DEPTH * PAIR;
      crossTwo<T>(<usize>s.left + at, <usize>s.right + at, l, r, panel, end, k, k2);
      const sums = z + (i - first) * outputs * PAIR;
      outputsTimes<T>(<usize>s.down, outputs, hidden, from, upTo, k, sums);
      outputsTimes<T>(<usize>s.down, outputs, hidden, from, upTo, k2, sums + outputs * PAIR);
    }
    if (i < after) {
      const at = (i / lanes<T>()) * panel + (i % lanes<T>()) * sizeof<T>() + from * UNIT;
      cross<T>(<usize>s.left + at, <usize>s.right + at, l, r, panel, end, k);
      const sums = z + (i - first) * outputs * PAIR;
      outputsTimes<T>(<usize>s.down, outputs, hidden, from, upTo, k, sums);
    }
  }
  for (let r: usize = 0; r < EDGE; r++) {
    const i = first + r;
    const out = to + r * EDGE * UNIT;
    if (i >= after) {
      clear<T>(outputs, out, stride);
      continue;
    }
    spread<T>(z + r * outputs * PAIR, outputs, out, stride);
    if (j > i) continue;
    // On the diagonal K is 2 S, below it nothing is to be counted again.
    for (let o: usize = 0; o < outputs; o++) {
      for (let f: usize = 0; j + f < i; f++) store<T>(out + o * stride + f * UNIT, 0);
      const at = out + o * stride + (i - j) * UNIT;
      store<T>(at, <T>0.5 * load<T>(at));
    }
  }
}

/**
 * One tile of the features of a panel of networks, whose steps lie one after the other at `steps`; those
 * beyond `count` are 0. `k` has room for 2 DEPTH units, `z` for EDGE rows of outputs, 64 bytes each.
 */
function formTile<T>(
  steps: usize, count: usize, inputs: usize, outputs: usize, row: u32, column: u32,
  k: usize, z: usize, to: usize, stride: usize,
): void {
  for (let m: usize = 0; m < count; m++) {
    const out = to + m * sizeof<T>();
    tileOf<T>(steps + m * STEP, inputs, outputs, row, column, k, z, out, stride);
  }
  for (let m = count; m < lanes<T>(); m++) {
    for (let o: usize = 0; o < outputs; o++) {
      const out = to + o * stride + m * sizeof<T>();
      for (let f: usize = 0; f < FEATURES; f++) store<T>(out + f * UNIT, 0);
    }
  }
}

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

export function formTile64(
  steps: usize, count: usize, inputs: usize, outputs: usize, row: u32, column: u32,
  k: usize, z: usize, to: usize, stride: usize,
): i32 {
  formTile<f64>(steps, count, inputs, outputs, row, column, k, z, to, stride);
  return 0;
}

export function formTile32(
  steps: usize, count: usize, inputs: usize, outputs: usize, row: u32, column: u32,
  k: usize, z: usize, to: usize, stride: usize,
): i32 {
  formTile<f32>(steps, count, inputs, outputs, row, column, k, z, to, stride);
  return 0;
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
