import type { CellError, KernelNotice } from "../src/protocol/index.ts";

type Notice = Extract<KernelNotice, { type: "uncaught" | "log" }>;

interface Told {
  count: number;
  /** Failures since it was last said how many there are. */
  left: number;
  last: string;
  late: NodeJS.Timeout | undefined;
}

/** Failures of one cell that are told each by itself. */
export const mostFailures = 20;
/** Milliseconds between two sentences about those that are not. */
const pause = 1_000;

/**
 * Failures outside of any run, of a timer's function or a promise that nobody awaits: the first of each cell
 * are told, and of a flood of them how many there were.
 */
export class Failures {
  readonly #tell: (notice: Notice) => void;
  readonly #told = new Map<string | undefined, Told>();

  constructor(tell: (notice: Notice) => void) {
    this.#tell = tell;
  }

  /**
   * @param cell whose doing it is; unknown, it is told without one
   * @param describe is called only for a failure that is told
   */
  add(cell: string | undefined, error: unknown, describe: (error: unknown) => CellError): void {
    const told = this.#of(cell);
    told.count++;
    if (told.count <= mostFailures) {
      this.#tell({ type: "uncaught", ...(cell !== undefined && { cell }), error: describe(error) });
      return;
    }
    told.left++;
    told.last = headOf(error);
    told.late ??= setTimeout(() => this.#say(cell, told), pause).unref();
  }

  /** The cell runs anew: its failures count from the beginning. */
  forget(cell: string): void {
    clearTimeout(this.#told.get(cell)?.late);
    this.#told.delete(cell);
  }

  #of(cell: string | undefined): Told {
    let told = this.#told.get(cell);
    if (!told) {
      told = { count: 0, left: 0, last: "", late: undefined };
      this.#told.set(cell, told);
    }
    return told;
  }

  #say(cell: string | undefined, told: Told): void {
    const { left, last } = told;
    told.left = 0;
    told.late = undefined;
    const failures = left === 1 ? "1 failure" : `${left.toLocaleString("en")} failures`;
    const text = `… left out: ${failures} outside of the run, the last was ${last}`;
    this.#tell({ type: "log", cell: cell ?? "", level: "warn", text });
  }
}

const longestHead = 200;

function headOf(error: unknown): string {
  try {
    return String(error).slice(0, longestHead);
  } catch {
    return "a value that has no text";
  }
}
