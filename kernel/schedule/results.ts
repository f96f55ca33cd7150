import { isDeepStrictEqual } from "node:util";
import type { CellError, HeldValue, ShownBundle } from "../../src/protocol/index.ts";

/** What one finished run left behind. */
export interface Result {
  /** Differs between any two runs, of any two kernels. */
  readonly id: string;
  readonly cell: string;
  /** The page's values it depends on, through any number of cells. */
  readonly inputs: ReadonlyMap<string, unknown>;
  /** The results it was made from, through any number of cells: cell → result id. */
  readonly sources: ReadonlyMap<string, string>;
  /** Values by name; empty when the run failed. */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** Short texts of the values it was made from, by name. */
  readonly read: ReadonlyMap<string, string>;
  readonly ms: number;
  /** When the run ended, on the clock of the stage. */
  readonly ended: number;
  readonly held: readonly HeldValue[];
  readonly preview?: string;
  readonly shown?: readonly ShownBundle[];
  readonly error?: CellError;
  /** Roughly what the outputs keep in memory. */
  readonly bytes: number;
}

export interface ResultLimits {
  /** Results kept of one cell. */
  readonly perCell: number;
  /** Bytes kept in all; the newest result of each cell stays whatever it weighs. */
  readonly bytes: number;
}

/**
 * Results by cell and by the page's values they were made from, newest use last, so that going back to
 * earlier values answers from memory.
 */
export class Results {
  readonly #limits: ResultLimits;
  readonly #byCell = new Map<string, Result[]>();

  constructor(limits: ResultLimits = { perCell: 32, bytes: 128 * 1024 * 1024 }) {
    this.#limits = limits;
  }

  /** The cell's newest result for these values of the page, and marks it as used. */
  find(cell: string, names: readonly string[], inputs: Inputs): Result | undefined {
    const results = this.#byCell.get(cell) ?? [];
    const index = results.findLastIndex(
      ({ inputs: kept }) => names.every((name) => kept.has(name)) && agree(kept, names, inputs),
    );
    const found = results[index];
    if (found) results.push(...results.splice(index, 1));
    return found;
  }

  /** Keeps a result in place of an older one for the same values; drops what has been unused longest. */
  add(result: Result): void {
    const names = [...result.inputs.keys()];
    const kept = (this.#byCell.get(result.cell) ?? []).filter(
      (other) => !agree(other.inputs, names, Object.fromEntries(result.inputs)),
    );
    kept.push(result);
    this.#byCell.set(result.cell, kept.slice(-this.#limits.perCell));
    this.#trim();
  }

  /** The cell's result that was made or used last. */
  newest(cell: string): Result | undefined {
    return this.#byCell.get(cell)?.at(-1);
  }

  /** Forgets all results of a cell; true when there were any. */
  drop(cell: string): boolean {
    return this.#byCell.delete(cell);
  }

  /** What the newest result of each cell gave its names. */
  get newestOutputs(): readonly (readonly [name: string, value: unknown])[] {
    return [...this.#byCell.values()].flatMap((results) => [...results.at(-1)!.outputs]);
  }

  /** Forgets all but the newest result of each cell. */
  dropOlder(): void {
    for (const results of this.#byCell.values()) results.splice(0, results.length - 1);
  }

  get bytes(): number {
    let bytes = 0;
    for (const results of this.#byCell.values()) {
      for (const result of results) bytes += result.bytes;
    }
    return bytes;
  }

  #trim(): void {
    let excess = this.bytes - this.#limits.bytes;
    while (excess > 0) {
      const heaviest = [...this.#byCell.values()]
        .filter((results) => results.length > 1)
        .reduce<Result[] | undefined>(
          (most, results) => (most && older(most) >= older(results) ? most : results),
          undefined,
        );
      if (!heaviest) return;
      excess -= heaviest.shift()!.bytes;
    }
  }
}

/** Values of the page by name. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Whether both hold the same values for these names; typed arrays are compared by their bytes. */
export function agree(
  kept: ReadonlyMap<string, unknown>,
  names: readonly string[],
  inputs: Inputs,
): boolean {
  return names.every((name) => isDeepStrictEqual(kept.get(name), inputs[name]));
}

/** Bytes of all but the newest result. */
function older(results: readonly Result[]): number {
  return results.slice(0, -1).reduce((sum, result) => sum + result.bytes, 0);
}
