import { exponential } from "./exponential.ts";
import { logarithm } from "./logarithm.ts";

/**
 * base^exponent for a base above 0, as e^(exponent · ln base), by IEEE arithmetic only. `Math.pow` and `**`
 * are left to each JavaScript engine; this gives the same bits in all. Off by a few units in the last place
 * for each power of e that the result is from 1.
 */
export function power(base: number, exponent: number): number {
  const x = exponent * logarithm(base);
  return x > 0 ? 1 / exponential(-x) : exponential(x);
}
