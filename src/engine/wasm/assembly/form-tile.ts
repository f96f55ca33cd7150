// Bilinear steps as quadratic forms. With K_ij[h] = l_hi r_hj + r_hi l_hj, output o of a step is the form
// S_ij = ½ Σ_h D[o, h] K_ij[h], and the inner product of two steps is Σ_{i, j} S_ij S′_ij. A network's
// features are F = 2 S_ij for i < j, and S_ii twice, so that Σ_{i, j} S_ij S′_ij = ½ Σ F F′ without a
// root that would round: small whole numbers stay exact.
//
// Features come in tiles of 256: EDGE rows i by EDGE columns j on or above the diagonal, and tiles of the
// diagonal by itself, its second time. A tile is summed in registers before it meets memory, so results
// do not depend on how many tiles are held at a time.
import { evenPanels, STEP, Step } from "./form-step";
import { cross, crossTwo, DEPTH, outputsTimes, PAIR, square } from "./form-units";
import { lanes, UNIT } from "./product";

/** Rows and columns of a tile. */
const EDGE: usize = 16;
/** Features of a tile. */
export const FEATURES: usize = EDGE * EDGE;
/** Column of a tile that stands for the diagonal by itself. */
const DIAGONAL: u32 = 0xffffffff;

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
