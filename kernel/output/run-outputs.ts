import type { ExecutionNotice, KernelNotice } from "../../src/protocol/index.ts";
import { withoutCodeNames } from "../code-name.ts";
import { pageBundle } from "../rich/page-bundle.ts";
import type { Run } from "../schedule/run.ts";
import { Displays } from "./displays.ts";
import { OutputLimit, type OutputMost, outputMost } from "./output-limit.ts";
import type { Print } from "./written.ts";

/** What one run shows and prints. */
export interface RunOutput {
  readonly displays: Displays;
  /** Tells what the run says, as much of its log as it may. */
  tell(notice: KernelNotice): void;
  readonly print: Print;
}

/** What runs need of the process around them to show something. */
export interface OutputSurroundings {
  tell(notice: KernelNotice): void;
  /** Passes on at once what was told. */
  flush(): void;
  fail(error: unknown): void;
  /** The workbook's folder. */
  directory(): string;
}

/** What runs show, each up to a measure. */
export class RunOutputs {
  readonly #around: OutputSurroundings;
  /** What the run of each cell, or each execution, that is in flight may show. */
  readonly #limits = new Map<string, OutputLimit>();
  /** Number of the run of each cell that began last. */
  readonly #newest = new Map<string, number>();

  constructor(around: OutputSurroundings) {
    this.#around = around;
  }

  begin(run: Run): RunOutput {
    const { number, execution } = run;
    const cell = run.cell.id;
    if (!execution) this.#newest.set(cell, number);
    // What a run that was ended still shows must not be taken for what the next one shows.
    const mayTell = () => execution || (this.#newest.get(cell) === number && !run.ending);
    const limit = new OutputLimit(cell, this.#mostOf(run), (notice, isUrgent) => {
      this.#around.tell(notice);
      if (isUrgent) this.#around.flush();
    });
    this.#limits.set(cell, limit);
    const displays = new Displays(
      cell,
      (notice) => mayTell() && limit.tell(notice),
      execution ? undefined : pageBundle,
    );
    const tell = (notice: KernelNotice) =>
      notice.type === "log" ? limit.tell(notice) : this.#around.tell(notice);
    const print: Print = (level, line, partial) => {
      const text = withoutCodeNames(line, this.#around.directory());
      tell({ type: "log", cell, level, text, ...(partial && { partial }) });
    };
    return { displays, tell, print };
  }

  /** When a run is over: says what was left out of what it showed, before its end is told. */
  end(notice: KernelNotice | ExecutionNotice): void {
    const cell =
      notice.type === "run" && !["queued", "running"].includes(notice.state)
        ? notice.cell
        : notice.type === "executed" && notice.id;
    if (!cell) return;
    this.#limits.get(cell)?.end();
    this.#limits.delete(cell);
  }

  /** What a run may show, by the environment; one that makes no sense is told and not heeded. */
  #mostOf({ execution }: Run): OutputMost {
    try {
      return outputMost(process.env, execution === true);
    } catch (error) {
      if (this.#limits.size === 0) this.#around.fail(error);
      return outputMost({}, execution === true);
    }
  }
}
