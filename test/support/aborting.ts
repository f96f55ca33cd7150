import { expect } from "vitest";

/**
 * What is at work is aborted, and has ended with the reason within so many turns of the event loop:
 * a count, so that a busy machine changes nothing.
 */
export async function expectAbortedAtOnce(
  work: Promise<unknown>,
  abort: AbortController,
  within = 1,
): Promise<void> {
  let ended = false;
  const over = work.then(
    () => {
      ended = true;
    },
    () => {
      ended = true;
    },
  );
  for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(ended).toBe(false);
  const reason = new Error("the slider moved");
  abort.abort(reason);
  for (let turns = 0; turns < within; turns++) await new Promise(setImmediate);
  expect(ended).toBe(true);
  await over;
  await expect(work).rejects.toBe(reason);
}
