import type { ChainRow } from "../../tensor/index.ts";
import { breath } from "./breath.ts";
import type { Flight } from "./flight.ts";
import type { Holding } from "./holding.ts";
import type { Held, Pairing } from "./pairing.ts";

/** Inner products of `a`, which is network `row`, with networks `columns`, none after `row`. */
export type Visit<T> = (
  a: T,
  row: number,
  columns: readonly number[],
  products: ChainRow,
) => Promise<void> | void;

/** Which pairs are to be taken, and by what means. */
export interface SweepPlan<T extends Held> {
  /** Networks to pair with each other, ascending. */
  readonly members: readonly number[];
  /** Whether a pair, column ≤ row, is still to be computed. */
  wants(row: number, column: number): boolean;
  /** Told of a network just loaded, before it is asked what of it is wanted. */
  readonly loaded?: ((row: number) => Promise<void>) | undefined;
  readonly flight: Flight;
  readonly held: Holding<T>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Every wanted pair of some networks of a pairing once, the later network always first: the same pairs,
 * so the same bits, whatever the memory, the order and whichever row is done first.
 *
 * Networks are loaded one by one, while the rows of those before them are computed. As many as fit stay;
 * those that come after a full block pass by it, and start the next block where the last one ended.
 *
 * @throws the signal's reason, soon after it aborts
 */
export async function sweep<T extends Held>(
  pairing: Pairing<T>,
  { members, wants, loaded, flight, held, signal }: SweepPlan<T>,
  visit: Visit<T>,
): Promise<void> {
  const pause = breath();
  const rows = wanting(members, wants);
  const compute = async (a: T, row: number, columns: readonly Loaded<T>[]): Promise<void> => {
    const products = await pairing.row(
      a,
      columns.map(({ network }) => network),
    );
    signal?.throwIfAborted();
    await visit(
      a,
      row,
      columns.map(({ index }) => index),
      products,
    );
  };
  for (let start = 0; start < rows.length; ) {
    const block: Loaded<T>[] = [];
    let bytes = 0;
    let end = rows.length;
    for (let r = start; r < rows.length; r++) {
      const row = rows[r]!;
      const left = (columns: readonly Loaded<T>[]) =>
        columns.filter(({ index }) => index <= row && wants(row, index));
      if (r >= end && left(block).length === 0) continue;
      signal?.throwIfAborted();
      const a = await held.load(row);
      await loaded?.(row);
      // The first always stays, or nothing could be paired.
      const stays = r < end && (block.length === 0 || held.fits(bytes + a.bytes));
      if (stays) {
        block.push({ index: row, network: a });
        bytes += a.bytes;
      } else {
        end = Math.min(end, r);
      }
      const columns = left(block);
      const batch = pairing.batch(a);
      let pieces = Math.ceil(columns.length / batch);
      if (pieces === 0 && !stays) held.release(a);
      for (let k = 0; k < columns.length; k += batch) {
        await flight.room();
        signal?.throwIfAborted();
        const piece = compute(a, row, columns.slice(k, k + batch));
        const over = () => {
          pieces--;
          if (pieces === 0 && !stays) held.release(a);
        };
        flight.begin(piece.finally(over));
        await pause();
      }
    }
    await flight.landed();
    for (const { network } of block) held.release(network);
    start = end;
  }
  signal?.throwIfAborted();
}

interface Loaded<T> {
  readonly index: number;
  readonly network: T;
}

/** Those of some networks of which a pair is wanted. */
function wanting(
  members: readonly number[],
  wants: (row: number, column: number) => boolean,
): readonly number[] {
  const found = new Set<number>();
  for (const [r, row] of members.entries()) {
    for (let c = 0; c <= r; c++) {
      if (!wants(row, members[c]!)) continue;
      found.add(row);
      found.add(members[c]!);
    }
  }
  return members.filter((member) => found.has(member));
}
