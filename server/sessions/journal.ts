import type { KernelNotice } from "../../src/protocol/index.ts";

/** Log lines kept for each cell's newest run, and their bytes. */
const largestCount = 500;
const largestBytes = 256 * 1024;

interface Run {
  state: Uint8Array | undefined;
  readonly log: Uint8Array[];
  bytes: number;
}

/**
 * What a page that opens now needs to hear of what went on before: the state of each cell's newest run
 * and its log. A tab that was closed for the whole of a run has missed nothing.
 */
export class Journal {
  readonly #runs = new Map<string, Run>();

  record(notice: KernelNotice, frame: Uint8Array): void {
    if (notice.type === "run") {
      if (notice.state === "running") this.#runs.delete(notice.cell);
      this.#run(notice.cell).state = frame;
    } else if (notice.type === "log") {
      const run = this.#run(notice.cell);
      run.log.push(frame);
      run.bytes += frame.length;
      while (run.log.length > largestCount || run.bytes > largestBytes) {
        run.bytes -= run.log.shift()!.length;
      }
    }
  }

  /** Frames to send to a page, in order. */
  replay(): Uint8Array[] {
    return [...this.#runs.values()].flatMap(({ state, log }) => (state ? [...log, state] : log));
  }

  /** Forgets cells that are no more. */
  keepOnly(cells: ReadonlySet<string>): void {
    for (const cell of this.#runs.keys())
      if (cell !== "" && !cells.has(cell)) this.#runs.delete(cell);
  }

  /** The kernel's process is another one. */
  clear(): void {
    this.#runs.clear();
  }

  #run(cell: string): Run {
    let run = this.#runs.get(cell);
    if (!run) {
      run = { state: undefined, log: [], bytes: 0 };
      this.#runs.set(cell, run);
    }
    return run;
  }
}
