/**
 * Training steps at which a run is stored: ⌊steps · (i / (count − 1))^exponent⌋ for i = 0 … count − 1,
 * each once, ascending, from 0 to `steps`. Dense at first, where a network changes fast. The schedule
 * of arXiv 2605.15183 is `powerLawSchedule(100_000)`: 90 distinct steps.
 *
 * @throws {RangeError} when steps or count is not a whole number ≥ 1 or ≥ 2, or the exponent not above 0
 */
export function powerLawSchedule(steps: number, count = 100, exponent = 5): number[] {
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot make a schedule: expected a whole number of steps from 1, found ${steps}`,
    );
  }
  if (!Number.isSafeInteger(count) || count < 2) {
    throw new RangeError(
      `Cannot make a schedule: expected a whole count of checkpoints from 2, found ${count}`,
    );
  }
  if (!(exponent > 0 && Number.isFinite(exponent))) {
    throw new RangeError(`Cannot make a schedule: expected an exponent above 0, found ${exponent}`);
  }
  const at = (i: number): number => Math.floor(steps * (i / (count - 1)) ** exponent);
  return [...new Set(Array.from({ length: count }, (_, i) => at(i)))];
}
