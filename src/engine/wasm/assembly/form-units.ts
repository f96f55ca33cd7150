// Hidden units of a step: their products K for some rows and two panels of columns, see form-tile.ts, and what
// the outputs make of them.
import { UNIT } from "./product";

/** Units whose products are made before they are summed: they stay in the first-level cache. */
export const DEPTH: usize = 128;
/** Bytes of a unit's products with two panels of columns, which are made and summed side by side. */
export const PAIR: usize = 2 * UNIT;

/** K for one row i and two panels of columns at `lp`, `rp`: l_i r_j + r_i l_j unit by unit. */
// @ts-ignore: decorator
@inline
export function cross<T>(li: usize, ri: usize, lp: usize, rp: usize, next: usize, end: usize, k: usize): void {
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
export function crossTwo<T>(
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
export function square<T>(lp: usize, rp: usize, next: usize, end: usize, k: usize): void {
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
export function outputsTimes<T>(
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
