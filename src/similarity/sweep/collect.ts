import type { Recall } from "../cache/recall.ts";
import type { Effort } from "../provenance.ts";
import { Flight } from "./flight.ts";
import { Gram, type Slices } from "./gram.ts";
import { Holding } from "./holding.ts";
import type { Held, Pairing } from "./pairing.ts";
import { sweep } from "./sweep.ts";
import type { Whole } from "./whole.ts";

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
  /** A way to take all pairs at once, used where enough of them are to be computed, after the first stage. */
  readonly whole?: Whole | undefined;
}

/** Told after each row what is there and what it took, with how many of the stages are complete. */
export type Grown = (gram: Gram, stages: number, effort: Omit<Effort, "seconds">) => void;

/** Inner products, and what they took. */
export interface Collected extends Omit<Effort, "seconds"> {
  readonly gram: Gram;
  /** `"forms"` when all pairs were taken at once. */
  readonly route?: "forms";
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
  const { signal, progress, recall, wanted = () => true, whole, grown } = options;
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
  let route: "forms" | undefined;
  const atOnce = async (way: Whole) => {
    const before = done;
    const told = (part: number) => {
      const pairs = before + Math.floor(part * (total - before));
      // The last pairs are told of with what they are.
      if (pairs < total) progress?.(pairs, total);
    };
    const { slices: all, exponents, roundings } = await way.products({ signal, progress: told });
    const outputs = all.length / exponents.length;
    for (let row = 0, first = 0; row < n; row++, first += row) {
      const columns = Array.from({ length: row + 1 }, (_, k) => k).filter((k) => wants(row, k));
      const own = new Float64Array(columns.length * outputs);
      for (const [k, column] of columns.entries()) {
        const at = (first + column) * outputs;
        own.set(all.subarray(at, at + outputs), k * outputs);
      }
      const products = {
        slices: own,
        exponents: Int32Array.from(columns, (column) => exponents[first + column]!),
      };
      if (columns.length === 0) continue;
      gram.set(row, columns, products, roundings[row]!);
      recall?.write(row, columns, products, roundings[row]!);
      await recall?.written(mostWrites);
      computed += columns.length;
      done += columns.length;
    }
    route = "forms";
    took(0);
  };
  progress?.(0, total);
  try {
    const stages = options.stages ?? [all];
    for (const members of stages) {
      if (recall) {
        for (const member of members) await recall.hash(member);
        for (const member of members) {
          signal?.throwIfAborted();
          await remember(member);
        }
      }
      if ((stage > 0 || stages.length === 1) && whole?.worth(total - done)) {
        held.clear();
        await atOnce(whole);
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
  return { gram, ...(route ? { route } : {}), ...effort() };
}

function countOf(all: readonly number[], wanted: (row: number, column: number) => boolean): number {
  let count = 0;
  for (const row of all) {
    for (let column = 0; column <= row; column++) if (wanted(row, column)) count++;
  }
  return count;
}
