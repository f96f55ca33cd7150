import type { KernelNotice } from "../../src/protocol/index.ts";

/** Log lines kept for each cell's newest run, and their bytes. */
const largestLog = { count: 500, bytes: 256 * 1024 };
/** What is kept of what it has shown. */
const largestShown = { count: 200, bytes: 32 * 1024 * 1024 };

interface Run {
  state: Uint8Array | undefined;
  readonly log: Kept;
  readonly shown: Kept;
  /** Takes away what is shown when something new is shown. */
  clear?: Uint8Array | undefined;
}

/**
 * What a page that opens now needs to hear of what went on before: the state of each cell's newest run,
 * its log, and what it has shown. A tab that was closed for the whole of a run has missed nothing.
 */
export class Journal {
  readonly #runs = new Map<string, Run>();

  record(notice: KernelNotice, frame: Uint8Array): void {
    if (notice.type === "run") {
      if (notice.state === "running") this.#runs.delete(notice.cell);
      this.#run(notice.cell).state = frame;
    } else if (notice.type === "log") this.#run(notice.cell).log.add(frame);
    else if (notice.type === "display") {
      const run = this.#run(notice.cell);
      if (run.clear && !notice.update) run.shown.clear();
      if (!notice.update) run.clear = undefined;
      // What was shown first says where; of what came in its place only the newest matters.
      run.shown.add(frame, notice.update && notice.display);
    } else if (notice.type === "clear") {
      const run = this.#run(notice.cell);
      if (!notice.wait) run.shown.clear();
      run.clear = notice.wait ? frame : undefined;
    }
  }

  /** Frames to send to a page, in order. */
  replay(): Uint8Array[] {
    return [...this.#runs.values()].flatMap(({ state, log, shown, clear }) => [
      ...log.frames,
      ...shown.frames,
      ...(clear ? [clear] : []),
      ...(state ? [state] : []),
    ]);
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
      run = { state: undefined, log: new Kept(largestLog), shown: new Kept(largestShown) };
      this.#runs.set(cell, run);
    }
    return run;
  }
}

/** Frames in order, as many as there is room for: the first go first. */
class Kept {
  readonly #most: { readonly count: number; readonly bytes: number };
  #entries: { readonly frame: Uint8Array; readonly subject: string | undefined }[] = [];
  #bytes = 0;

  constructor(most: { readonly count: number; readonly bytes: number }) {
    this.#most = most;
  }

  get frames(): readonly Uint8Array[] {
    return this.#entries.map(({ frame }) => frame);
  }

  /** @param subject of which no older frame is kept */
  add(frame: Uint8Array, subject?: string): void {
    const old = this.#entries.findIndex(
      (entry) => entry.subject !== undefined && entry.subject === subject,
    );
    if (old >= 0) this.#bytes -= this.#entries.splice(old, 1)[0]!.frame.length;
    this.#entries.push({ frame, subject });
    this.#bytes += frame.length;
    while (this.#entries.length > this.#most.count || this.#bytes > this.#most.bytes) {
      this.#bytes -= this.#entries.shift()!.frame.length;
    }
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }
}
