const parts = 64;
const perUnit = parts / Math.LN2;

/** ln 2 / 64 in two parts; the first has 32 significant bits, so its multiples below 2²¹ are exact. */
const coarse = 0xb17217f8 / 2 ** 38;
const fine = -6.563929801064195e-13;

/** [64]: 2^(j/64), by the series of e^(j ln 2 / 64). */
const roots = Float64Array.from({ length: parts }, (_, j) => {
  const x = (j * Math.LN2) / parts;
  let sum = 1;
  for (let term = 20; term >= 1; term--) sum = 1 + (sum * x) / term;
  return sum;
});

/** [1023]: 2^−k. */
const halvings = new Float64Array(1023).fill(1);
for (let k = 1; k < halvings.length; k++) halvings[k] = halvings[k - 1]! / 2;

/**
 * eˣ for x ≤ 0, to two units in the last place; e⁻⁷⁰⁸ ≈ 3·10⁻³⁰⁸ for all x below −708. `Math.exp` is left to each JavaScript
 * engine, so a trajectory computed with it would differ between machines: this one uses IEEE arithmetic
 * only. With k = round(64 x / ln 2) and r = x − k ln 2 / 64, eˣ = 2^⌊k/64⌋ · 2^((k mod 64)/64) · eʳ, and
 * |r| ≤ 0.0055 leaves five terms of the series.
 */
export function exponential(x: number): number {
  const y = Math.max(x, -708);
  const k = (y * perUnit - 0.5) | 0;
  const r = y - k * coarse - k * fine;
  const square = r * r;
  // Paired terms: shorter chains of dependent operations than Horner's.
  const series = 1 + r + square * (0.5 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120)));
  return roots[k & (parts - 1)]! * series * halvings[-(k >> 6)]!;
}
