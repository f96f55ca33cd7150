/**
 * Training steps as they were given, as plain numbers.
 *
 * @param what cannot be done without them, for the error
 * @throws {TypeError} when there is none, or one is no finite number
 */
export function stepsOf(what: string, steps: ArrayLike<number>): readonly number[] {
  const all = Array.from(steps ?? [], Number);
  if (all.length === 0) throw new TypeError(`Cannot ${what}: expected steps, found none`);
  const bad = all.findIndex((step) => !Number.isFinite(step));
  if (bad >= 0) {
    throw new TypeError(
      `Cannot ${what}: expected numbers for steps, found ${String(steps[bad])} at ${bad}`,
    );
  }
  return all;
}
