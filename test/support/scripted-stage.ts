import { type ResultLimits, Results } from "../../kernel/schedule/results.ts";
import type { Outcome, Run } from "../../kernel/schedule/run.ts";
import { Scheduler } from "../../kernel/schedule/schedule.ts";
import type { Stage } from "../../kernel/schedule/stage.ts";
import type { KernelCell, KernelNotice } from "../../src/protocol/index.ts";

export interface CellSketch {
  readonly reads?: readonly string[];
  readonly gives?: readonly string[];
  readonly version?: string;
  readonly wanted?: readonly string[];
  readonly run?: KernelCell["run"];
}

/** Cells without code: `a` gives the name "a" unless said otherwise. */
export function sketch(cells: Readonly<Record<string, CellSketch>>): KernelCell[] {
  return Object.entries(cells).map(([id, cell]) => {
    const outputs = cell.gives ?? [id];
    return {
      id,
      version: cell.version ?? "1",
      code: "",
      expression: false,
      inputs: cell.reads ?? [],
      outputs,
      wanted: cell.wanted ?? outputs,
      run: cell.run ?? "live",
    };
  });
}

/** A scheduler whose cells are run by the test, on a clock that the test moves. */
export class ScriptedStage implements Stage {
  readonly scheduler: Scheduler;
  readonly started: Run[] = [];
  readonly notices: KernelNotice[] = [];
  readonly watching: boolean[] = [];
  time = 0;
  #seq = 0;
  #timers: { at: number; action: () => void }[] = [];

  constructor(cells: readonly KernelCell[] = [], limits?: ResultLimits) {
    this.scheduler = new Scheduler(this, "test", new Results(limits));
    this.scheduler.setCells(cells);
  }

  tell(notice: KernelNotice): void {
    this.notices.push(notice);
  }

  begin(run: Run): void {
    this.started.push(run);
  }

  watch(on: boolean): void {
    this.watching.push(on);
  }

  later(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.time + milliseconds, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  abort(controller: AbortController, reason: Error): void {
    controller.abort(reason);
  }

  now(): number {
    return this.time;
  }

  /** Lets time pass, and what was due happen. */
  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.time);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { action } of due) action();
  }

  request(
    cells: readonly (string | { id: string; have?: string; run?: string })[],
    inputs: Readonly<Record<string, unknown>> = {},
    client = "page",
  ): number {
    const seq = ++this.#seq;
    const wishes = cells.map((cell) => (typeof cell === "string" ? { id: cell } : cell));
    this.scheduler.request({ type: "request", client, seq, inputs, cells: wishes });
    return seq;
  }

  /** Cells of all runs so far, in order. */
  get order(): string[] {
    return this.started.map(({ cell }) => cell.id);
  }

  /** Ends the run in flight with outputs: each the sum of what it read, plus one, unless given. */
  finish(outcome?: Partial<Outcome> & { readonly ms?: number }): void {
    const run = this.scheduler.running!;
    this.pass(outcome?.ms ?? 1);
    const sum = [...run.values.values()].reduce<number>((total, value) => total + Number(value), 1);
    const outputs = new Map(run.cell.outputs.map((name) => [name, sum]));
    this.scheduler.settled(run, { outputs, ...outcome });
  }

  /** Finishes runs until nothing runs; the cells that were finished. */
  drain(): string[] {
    const finished: string[] = [];
    while (this.scheduler.running) {
      finished.push(this.scheduler.running.cell.id);
      this.finish();
    }
    return finished;
  }

  results(client = "page"): (KernelNotice & { type: "result" })[] {
    return this.notices.filter(
      (notice) => notice.type === "result" && notice.client === client,
    ) as (KernelNotice & { type: "result" })[];
  }

  /** `cell:state` of each run notice. */
  get states(): string[] {
    return this.notices.flatMap((notice) =>
      notice.type === "run" ? [`${notice.cell}:${notice.state}`] : [],
    );
  }
}
