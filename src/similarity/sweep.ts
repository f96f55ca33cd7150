import type { ChainRow } from "../tensor/index.ts";
import type { Held, Pairing } from "./pairing.ts";

export interface SweepOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
  readonly memory?: number | undefined;
}

/** Inner products of `a`, which is network `row`, with networks `column`, `column + 1`, … up to `row`. */
export type Visit<T> = (a: T, row: number, column: number, products: ChainRow) => void;

/**
 * Every pair of a pairing once, itself with itself included, the later one always first: the same
 * calls, so the same bits, whatever the memory.
 *
 * Networks are loaded one by one. As many as fit stay; those that come after a full block pass by it
 * one at a time, and start the next block where the last one ended.
 *
 * @throws {RangeError} when the memory budget is not a number above 0
 * @throws the signal's reason, soon after it aborts; nothing stays loaded
 */
export async function sweep<T extends Held>(
  pairing: Pairing<T>,
  { signal, progress, memory = 2 ** 30 }: SweepOptions,
  visit: Visit<T>,
): Promise<void> {
  if (!(memory > 0)) {
    throw new RangeError(`Cannot use a memory budget: expected bytes above 0, found ${memory}`);
  }
  signal?.throwIfAborted();
  const total = (pairing.length * (pairing.length + 1)) / 2;
  const pause = breath();
  const held = new Set<T>();
  let done = 0;
  let largest = 0;
  progress?.(done, total);
  try {
    for (let start = 0; start < pairing.length; ) {
      const block: T[] = [];
      let bytes = 0;
      let end = pairing.length;
      for (let row = start; row < pairing.length; row++) {
        const a = await pairing.load(row);
        held.add(a);
        largest = Math.max(largest, a.bytes);
        // Room for one more that passes by. The first always stays, or nothing could be paired.
        const fits = block.length === 0 || bytes + a.bytes + largest <= memory;
        const stays = row < end && fits;
        if (stays) {
          block.push(a);
          bytes += a.bytes;
        } else {
          end = Math.min(end, row);
        }
        const batch = pairing.batch(a);
        for (let column = 0; column < block.length; column += batch) {
          signal?.throwIfAborted();
          const bs = block.slice(column, column + batch);
          visit(a, row, start + column, await pairing.row(a, bs));
          done += bs.length;
          progress?.(done, total);
          await pause();
        }
        if (!stays) {
          held.delete(a);
          a.release();
        }
      }
      for (const one of block) {
        held.delete(one);
        one.release();
      }
      start = end;
    }
    signal?.throwIfAborted();
  } finally {
    for (const one of held) one.release();
  }
}

/** Lets the event loop turn at most every 25 ms, so that whoever runs this can be heard. */
export function breath(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 25) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
