/** Training steps, or what has them: a series of checkpoints, a matrix of their similarities. */
export type Steps = ArrayLike<number> | { readonly steps?: ArrayLike<number> | undefined };

/**
 * Training steps as they were given, as plain numbers.
 *
 * @param what cannot be done without them, for the error
 * @throws {TypeError} when there is none, or one is no finite number
 */
export function stepsOf(what: string, given: Steps): readonly number[] {
  const isOwner = typeof given === "object" && given !== null && "steps" in given;
  const steps = (isOwner ? given.steps : (given as ArrayLike<number>)) ?? [];
  const all = Array.from(steps, Number);
  if (all.length === 0) throw new TypeError(`Cannot ${what}: expected steps, found none`);
  const bad = all.findIndex((step) => !Number.isFinite(step));
  if (bad >= 0) {
    throw new TypeError(
      `Cannot ${what}: expected numbers for steps, found ${String(steps[bad])} at ${bad}`,
    );
  }
  return all;
}
