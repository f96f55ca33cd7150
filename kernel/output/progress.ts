/** Tells how far a run has come. */
export type Progress = (done: number, total: number, label?: string) => void;

/** Least milliseconds between two notices: ten a second. */
const interval = 100;

/**
 * Passes on at most ten calls a second; the call that says all is done always passes.
 *
 * @throws {TypeError} (the returned function) when done or total is no number
 */
export function throttledProgress(tell: Progress, now: () => number): Progress {
  let last = Number.NEGATIVE_INFINITY;
  return (done, total, label) => {
    if (typeof done !== "number" || typeof total !== "number") {
      throw new TypeError(
        `Cannot tell progress: expected numbers done and total, found ${typeof done} and ${typeof total}`,
      );
    }
    const time = now();
    if (time - last < interval && !(done >= total)) return;
    last = time;
    tell(done, total, label === undefined ? undefined : String(label));
  };
}
