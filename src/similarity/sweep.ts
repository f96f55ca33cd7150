import type { ChainRow } from "../tensor/index.ts";
import { Flight } from "./flight.ts";
import { Holding } from "./holding.ts";
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
 * pairs, so the same bits, whatever the memory and whichever row is done first.
 *
 * Networks are loaded one by one, while the rows of those before them are computed. As many as fit stay;
 * those that come after a full block pass by it, and start the next block where the last one ended.
 *
 * @throws {RangeError} when the memory budget is not a number above 0
 * @throws the signal's reason, soon after it aborts; nothing stays loaded
 */
export async function sweep<T extends Held>(
  pairing: Pairing<T>,
  { signal, progress, memory }: SweepOptions,
  visit: Visit<T>,
): Promise<void> {
  const flight = new Flight(pairing.lanes);
  const held = new Holding(pairing, flight, memory);
  signal?.throwIfAborted();
  const total = (pairing.length * (pairing.length + 1)) / 2;
  const pause = breath();
  let done = 0;
  progress?.(done, total);

  const compute = async (a: T, row: number, column: number, bs: readonly T[]): Promise<void> => {
    const products = await pairing.row(a, bs);
    signal?.throwIfAborted();
    visit(a, row, column, products);
    done += bs.length;
    progress?.(done, total);
  };

  try {
    for (let start = 0; start < pairing.length; ) {
      const block: T[] = [];
      let bytes = 0;
      let end = pairing.length;
      for (let row = start; row < pairing.length; row++) {
        signal?.throwIfAborted();
        const a = await held.load(row);
        // The first always stays, or nothing could be paired.
        const stays = row < end && (block.length === 0 || held.fits(bytes + a.bytes));
        if (stays) {
          block.push(a);
          bytes += a.bytes;
        } else {
          end = Math.min(end, row);
        }
        const batch = pairing.batch(a);
        let left = Math.ceil(block.length / batch);
        for (let column = 0; column < block.length; column += batch) {
          await flight.room();
          signal?.throwIfAborted();
          const piece = compute(a, row, start + column, block.slice(column, column + batch));
          const over = () => {
            left--;
            if (left === 0 && !stays) held.release(a);
          };
          flight.begin(piece.finally(over));
          await pause();
        }
      }
      await flight.landed();
      for (const one of block) held.release(one);
      start = end;
    }
    signal?.throwIfAborted();
  } finally {
    await flight.settled();
    held.clear();
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
