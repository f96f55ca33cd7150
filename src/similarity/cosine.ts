/** The number mantissa · 2^exponent, for inner products beyond the range of float64. */
export interface Scaled {
  readonly mantissa: number;
  readonly exponent: number;
}

/**
 * cos = ab / (√aa · √bb), in [-1, 1] up to rounding and not clamped; 0 when aa or bb is not positive
 * (a symmetrised self product can round to just below 0).
 */
export function cosine(ab: Scaled, aa: Scaled, bb: Scaled): number {
  if (aa.mantissa <= 0 || bb.mantissa <= 0) return 0;
  // Two roots: the product of the norms squared overflows first.
  const value = ab.mantissa / (Math.sqrt(aa.mantissa) * Math.sqrt(bb.mantissa));
  return value * 2 ** (ab.exponent - (aa.exponent + bb.exponent) / 2);
}

/** √aa; 0 when aa is not positive, infinite beyond 2^1024. */
export function norm(aa: Scaled): number {
  return aa.mantissa <= 0 ? 0 : timesPower(Math.sqrt(aa.mantissa), aa.exponent / 2);
}

/** The number as a float64: infinite or 0 when it is out of range. */
export function float64Of({ mantissa, exponent }: Scaled): number {
  return timesPower(mantissa, exponent);
}

/** x · 2^power, in steps so that no factor leaves the range while the product is in it. */
function timesPower(x: number, power: number): number {
  let value = x;
  let left = power;
  while (left > 1000 && Number.isFinite(value)) {
    value *= 2 ** 1000;
    left -= 1000;
  }
  while (left < -1000 && value !== 0) {
    value *= 2 ** -1000;
    left += 1000;
  }
  return value * 2 ** left;
}
