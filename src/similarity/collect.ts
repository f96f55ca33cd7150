import type { Recall } from "./cache/recall.ts";
import { Flight } from "./flight.ts";
import { Gram, type Slices } from "./gram.ts";
import { Holding } from "./holding.ts";
import type { Effort } from "./options.ts";
import type { Held, Pairing } from "./pairing.ts";
import { sweep } from "./sweep.ts";

export interface CollectOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
  readonly memory?: number | undefined;
  /** What is remembered of these networks, and to be told of what is computed. */
  readonly recall?: Recall | undefined;
  /** Which pairs are wanted, column ≤ row. Default all. */
  readonly wanted?: ((row: number, column: number) => boolean) | undefined;
  /**
   * Networks to pair with each other first, ascending, each list with the one before in it; the last has
   * all. Default one list.
   */
  readonly stages?: readonly (readonly number[])[] | undefined;
  readonly grown?: Grown | undefined;
}

/** Told after each row what is there and what it took, with how many of the stages are complete. */
export type Grown = (gram: Gram, stages: number, effort: Omit<Effort, "seconds">) => void;

/** Inner products, and what they took. */
export interface Collected extends Omit<Effort, "seconds"> {
  readonly gram: Gram;
}

/** Rows that may wait to be kept: what they took would be lost with the process. */
const mostWrites = 2;

/**
 * The wanted inner products of a pairing: those remembered, and the others computed by {@link sweep}.
 *
 * @throws {RangeError} when the memory budget is not a number above 0
 * @throws the signal's reason, soon after it aborts; nothing stays loaded but in the cache
 */
export async function collected<T extends Held>(
  pairing: Pairing<T>,
  slices: Slices,
  options: CollectOptions,
): Promise<Collected> {
  const { signal, progress, recall, wanted = () => true, grown } = options;
  const n = pairing.length;
  const all = Array.from({ length: n }, (_, i) => i);
  const gram = new Gram(n, slices);
  const flight = new Flight(pairing.lanes);
  const held = new Holding(pairing, flight, options.memory);
  signal?.throwIfAborted();
  const total = countOf(all, wanted);
  let [done, computed, stage] = [0, 0, 0];
  const effort = () => ({ pairs: total, computed, notes: recall?.notes ?? [] });
  const took = (pairs: number) => {
    done += pairs;
    progress?.(done, total);
    grown?.(gram, stage, effort());
  };
  const wants = (row: number, column: number) => wanted(row, column) && !gram.has(row, column);
  const remember = async (row: number) => {
    const kept = await recall?.read(row);
    const columns: number[] = [];
    for (const [column, { slices: own, exponent, rounding }] of kept ?? []) {
      if (!wants(row, column)) continue;
      gram.set(row, [column], { slices: own, exponents: Int32Array.of(exponent) }, rounding);
      columns.push(column);
    }
    if (columns.length > 0) took(columns.length);
  };
  progress?.(0, total);
  try {
    for (const members of options.stages ?? [all]) {
      if (recall) {
        for (const member of members) await recall.hash(member);
        for (const member of members) {
          signal?.throwIfAborted();
          await remember(member);
        }
      }
      const loaded = recall && remember;
      await sweep(
        pairing,
        { members, wants, loaded, flight, held, signal },
        async (a, row, columns, products) => {
          gram.set(row, columns, products, a.rounding);
          recall?.write(row, columns, products, a.rounding);
          computed += columns.length;
          took(columns.length);
          await recall?.written(mostWrites);
        },
      );
      stage++;
      grown?.(gram, stage, effort());
    }
    signal?.throwIfAborted();
  } finally {
    await flight.settled();
    held.clear();
  }
  await recall?.written();
  return { gram, ...effort() };
}

function countOf(all: readonly number[], wanted: (row: number, column: number) => boolean): number {
  let count = 0;
  for (const row of all) {
    for (let column = 0; column <= row; column++) if (wanted(row, column)) count++;
  }
  return count;
}
