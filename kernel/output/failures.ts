import type { CellError, KernelNotice } from "../../src/protocol/index.ts";
import { LogFile, logsFolder } from "../process/index.ts";

type Notice = Extract<KernelNotice, { type: "uncaught" | "log" }>;

interface Told {
  count: number;
  /** Failures since it was last said how many there are. */
  left: number;
  last: string;
  late: NodeJS.Timeout | undefined;
  /** The failures so far, until they are in the file. */
  early: string;
  file: LogFile | undefined;
}

/** Failures of one cell that are told each by itself. */
export const mostFailures = 20;
/** Milliseconds between two sentences about those that are not. */
const pause = 1_000;

/**
 * Failures outside of any run, of a timer's function or a promise that nobody awaits: the first of each cell
 * are told, and of a flood of them how many there were; all of them are then in a file.
 */
export class Failures {
  readonly #tell: (notice: Notice) => void;
  readonly #open: (cell: string) => LogFile;
  readonly #told = new Map<string | undefined, Told>();

  constructor(
    tell: (notice: Notice) => void,
    open: (cell: string) => LogFile = (cell) => new LogFile(logsFolder(), `${cell} failures`),
  ) {
    this.#tell = tell;
    this.#open = open;
  }

  /** @param cell whose doing it is; unknown, it is told without one */
  add(cell: string | undefined, error: CellError): void {
    const told = this.#of(cell);
    told.count++;
    if (told.count <= mostFailures) {
      told.early += asText(error);
      this.#tell({ type: "uncaught", ...(cell !== undefined && { cell }), error });
      return;
    }
    told.left++;
    told.last = headOf(error);
    if (!told.file) {
      told.file = this.#open(cell ?? "kernel");
      told.file.write(told.early);
      told.early = "";
    }
    told.file.write(asText(error));
    told.late ??= setTimeout(() => this.#say(cell, told), pause).unref();
  }

  /** The cell runs anew: its failures count from the beginning. */
  forget(cell: string): void {
    const told = this.#told.get(cell);
    clearTimeout(told?.late);
    told?.file?.close();
    this.#told.delete(cell);
  }

  #of(cell: string | undefined): Told {
    let told = this.#told.get(cell);
    if (!told) {
      told = { count: 0, left: 0, last: "", late: undefined, early: "", file: undefined };
      this.#told.set(cell, told);
    }
    return told;
  }

  #say(cell: string | undefined, told: Told): void {
    const { left, last } = told;
    const { path, failure } = told.file!;
    told.left = 0;
    told.late = undefined;
    told.file!.close();
    const failures = left === 1 ? "1 failure" : `${left.toLocaleString("en")} failures`;
    const where =
      failure === undefined
        ? `all of them are in ${path}`
        : `the log in ${path} is not whole: ${failure}`;
    const text = `… left out: ${failures} outside of the run, the last was ${last}; ${where}`;
    this.#tell({ type: "log", cell: cell ?? "", level: "warn", text, file: path });
  }
}

const longestHead = 200;

function headOf({ name, message }: CellError): string {
  return `${name}: ${message}`.slice(0, longestHead);
}

function asText({ name, message, frames = [] }: CellError): string {
  const places = frames.map(
    ({ cell, file, line, column }) => `    at ${file ?? cell}:${line}:${column}\n`,
  );
  return `${name}: ${message}\n${places.join("")}`;
}
