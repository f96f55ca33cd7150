import type { KernelCell, KernelNotice, KernelRequest } from "../src/protocol/index.ts";
import { TransferError } from "../src/protocol/index.ts";
import { Client, type Wish } from "./client.ts";
import { CellGraph } from "./graph.ts";
import { agree, type Inputs, type Result, Results } from "./results.ts";
import type { Outcome, Run } from "./run.ts";
import { sizeOf } from "./size.ts";
import { type Standing, Standings } from "./standing.ts";

/** What the scheduler needs of the process around it. */
export interface Stage {
  /** Tells the server. @throws {TransferError} when a value in it cannot travel */
  tell(notice: KernelNotice): void;
  /** Starts the run in a macrotask of its own, once all that was told has left; `settled` ends it. */
  begin(run: Run): void;
  /** Says whether a run should end, so that it can be interrupted while it keeps the thread busy. */
  watch(on: boolean): void;
  /** Calls `action` after a time; the returned function takes it back. */
  later(milliseconds: number, action: () => void): () => void;
  /** Aborts, but not inside an interrupt: listeners expect that what runs is let finish. */
  abort(controller: AbortController, reason: Error): void;
  now(): number;
}

/** What to do about the code that an interrupt found running. */
export type Verdict = "go on" | "terminate" | { readonly again: number };

/** Runs expected to take less than this are let finish although nobody waits for them any more. */
const shortRun = 250;
/** Time a run has to end by itself after its signal aborted. */
const grace = 100;
/** Time the thread has to come back to its event loop, so that a signal can be seen at all. */
const yieldTime = 15;
/** Clients remembered; a page that was closed says nothing. */
const mostClients = 64;

/**
 * Decides which cell runs next, which run is stale, and who is answered with what. A state machine
 * without promises of its own: it moves on when something is told to it, so that nothing is lost when
 * the thread is torn out of its work.
 */
export class Scheduler {
  readonly #stage: Stage;
  readonly #results: Results;
  readonly #clients = new Map<string, Client>();
  /** Moving average of the milliseconds a cell takes. */
  readonly #durations = new Map<string, number>();
  #graph = new CellGraph();
  #queued: Set<string> = new Set();
  #run: Run | undefined;
  #halted: Run | undefined;
  #cancelTimer: (() => void) | undefined;
  #arrivals = 0;
  #runs = 0;
  readonly #origin: string;

  /** @param origin makes result ids differ from those of other kernels */
  constructor(stage: Stage, origin: string, results: Results = new Results()) {
    this.#stage = stage;
    this.#origin = origin;
    this.#results = results;
  }

  /** The run in flight. */
  get running(): Run | undefined {
    return this.#run;
  }

  /** Takes over the cells as they are now. What changed, and all below it, loses its results. */
  setCells(cells: readonly KernelCell[]): void {
    const before = this.#graph;
    const after = new CellGraph(cells);
    const changed = [...new Set([...before.cells.keys(), ...after.cells.keys()])].filter(
      (id) => before.cells.get(id)?.version !== after.cells.get(id)?.version,
    );
    const lost = new Set([...before.downstream(changed), ...after.downstream(changed)]);
    this.#graph = after;
    for (const id of changed) this.#durations.delete(id);
    for (const id of lost) {
      if (this.#results.drop(id)) this.#tellRun(id, "stale");
    }
    if (this.#run && lost.has(this.#run.cell.id)) this.#run.obsolete = true;
    this.#advance();
  }

  /** A client asks for cells; what it asked before for the same cells is superseded. */
  request(request: KernelRequest): void {
    const client = this.#clients.get(request.client) ?? new Client(request.client);
    this.#clients.delete(client.id);
    this.#clients.set(client.id, client);
    client.take(request, this.#arrivals++);
    for (const other of this.#clients.values()) {
      if (this.#clients.size <= mostClients) break;
      if (other.wishes.size === 0) this.#clients.delete(other.id);
    }
    this.#advance();
  }

  /** Ends the run in flight: its cell, and what waits for it, is answered with a failure. */
  stop(): void {
    if (this.#run) this.#halt(this.#run, "stopped");
  }

  /** A run came to its end by itself. */
  settled(run: Run, outcome: Outcome): void {
    if (run === this.#run) this.#end(run, outcome);
  }

  /** The code on the thread was torn off: the run in flight will not settle. */
  terminated(): void {
    if (this.#run?.ending) this.#end(this.#run);
    else this.#advance();
  }

  /** Judges the run in flight from inside an interrupt, after what was waiting has been handled. */
  judge(): Verdict {
    const run = this.#run;
    if (!run) return "go on";
    const again = this.#review(run);
    if (!run.ending) return again === undefined ? "go on" : { again };
    const left = run.ending.since + yieldTime - this.#stage.now();
    return left > 0 ? { again: left } : "terminate";
  }

  #advance(): void {
    this.#answerAll();
    if (this.#run) this.#review(this.#run);
    else this.#startNext();
    this.#announce();
  }

  #standings(client: Client): Standings {
    const halted = this.#halted;
    return new Standings(this.#graph, this.#results, client.inputs, (cell) =>
      halted?.cell.id === cell && this.#isFor(halted, client.inputs)
        ? { name: "Stopped", message: "The cell was stopped" }
        : undefined,
    );
  }

  #answerAll(): void {
    for (const client of this.#clients.values()) {
      if (client.wishes.size === 0) continue;
      const standings = this.#standings(client);
      for (const wish of [...client.wishes.values()]) {
        const standing = standings.of(wish.cell);
        if (standing.state !== "ready" && standing.state !== "failed") continue;
        client.wishes.delete(wish.cell);
        this.#answer(client, wish, standing);
      }
    }
  }

  #answer(client: Client, wish: Wish, standing: Standing & { state: "ready" | "failed" }): void {
    const { cell, seq, have } = wish;
    const { result } = standing;
    const told = {
      type: "result",
      client: client.id,
      seq,
      cell,
      result: result?.id ?? this.#nextResult(),
      ms: result?.ms ?? 0,
      ...(result?.preview !== undefined && { preview: result.preview }),
    } as const;
    if (standing.state === "failed") {
      this.#stage.tell({ ...told, error: standing.error });
    } else if (have === told.result) {
      this.#stage.tell({ ...told, unchanged: true });
    } else {
      const { outputs } = standing.result;
      const wanted = this.#graph.cells.get(cell)?.wanted ?? [];
      const values = Object.fromEntries(wanted.map((name) => [name, outputs.get(name)]));
      try {
        this.#stage.tell({ ...told, values });
      } catch (error) {
        if (!(error instanceof TransferError)) throw error;
        const { name, message } = error;
        this.#stage.tell({ ...told, error: { name, message } });
      }
    }
  }

  /** Tells which cells wait for their turn, and which do no longer. */
  #announce(): void {
    const queued = new Map<string, Inputs>();
    for (const client of this.#clients.values()) {
      if (client.wishes.size === 0) continue;
      for (const cell of this.#standings(client).toRun(client.wishes.keys())) {
        if (cell !== this.#run?.cell.id) queued.set(cell, client.inputs);
      }
    }
    for (const cell of this.#queued) {
      if (!queued.has(cell) && cell !== this.#run?.cell.id) this.#tellRun(cell, "stale");
    }
    for (const [cell, inputs] of queued) {
      if (!this.#queued.has(cell)) this.#tellRun(cell, "queued", this.#why(cell, inputs));
    }
    this.#queued = new Set(queued.keys());
  }

  #startNext(): void {
    const turns = [...this.#clients.values()]
      .flatMap((client) => [...client.wishes.values()].map((wish) => ({ client, wish })))
      .sort((a, b) => a.wish.arrival - b.wish.arrival);
    for (const { client, wish } of turns) {
      const standings = this.#standings(client);
      for (const cell of standings.toRun([wish.cell])) {
        const standing = standings.of(cell);
        if (standing.state === "runnable") {
          this.#start(client, cell, standing.parents);
          return;
        }
      }
    }
  }

  #start(client: Client, id: string, parents: readonly Result[]): void {
    const cell = this.#graph.cells.get(id)!;
    const byCell = new Map(parents.map((parent) => [parent.cell, parent]));
    const given = (name: string): readonly [string, unknown][] => {
      const owner = this.#graph.owner(name);
      if (owner !== undefined) return [[name, byCell.get(owner)!.outputs.get(name)]];
      // What neither a cell nor the page gives is a builtin.
      return Object.hasOwn(client.inputs, name) ? [[name, client.inputs[name]]] : [];
    };
    const identity = this.#graph.identity(id);
    const sources = parents.flatMap((parent) => [
      ...parent.sources,
      [parent.cell, parent.id] as const,
    ]);
    const run: Run = {
      number: this.#runs++,
      cell,
      values: new Map(cell.inputs.flatMap(given)),
      identity: new Map(identity.map((name) => [name, client.inputs[name]])),
      // Cells that run once are not made anew because of what they once read.
      sources: new Map(cell.run === "once" ? [] : sources),
      controller: new AbortController(),
      began: this.#stage.now(),
    };
    this.#run = run;
    this.#queued.delete(id);
    this.#tellRun(id, "running", this.#why(id, client.inputs));
    this.#stage.begin(run);
  }

  /**
   * Ends the run when nobody waits for it any more. When it is about to be done it is let go on; the
   * milliseconds after which to look again are returned.
   */
  #review(run: Run): number | undefined {
    if (run.ending || this.#isWanted(run)) return undefined;
    const average = this.#durations.get(run.cell.id) ?? Number.POSITIVE_INFINITY;
    const left = run.began + 2 * average + 50 - this.#stage.now();
    if (average >= shortRun || left <= 0) {
      this.#halt(run, "stale");
      return undefined;
    }
    this.#cancelTimer?.();
    this.#cancelTimer = this.#stage.later(left, () => {
      if (this.#run === run) this.#review(run);
    });
    return left;
  }

  #isWanted(run: Run): boolean {
    if (run.obsolete) return false;
    for (const client of this.#clients.values()) {
      if (client.wishes.size === 0 || !this.#isFor(run, client.inputs)) continue;
      if (this.#standings(client).toRun(client.wishes.keys()).includes(run.cell.id)) return true;
    }
    return false;
  }

  /** Whether the run makes the result for these values of the page. */
  #isFor(run: Run, inputs: Inputs): boolean {
    return agree(run.identity, [...run.identity.keys()], inputs);
  }

  /** Asks the run to end; what does not end by itself is given up, or torn off by an interrupt. */
  #halt(run: Run, as: "stale" | "stopped"): void {
    if (run.ending) {
      if (as === "stopped") run.ending = { ...run.ending, as };
      return;
    }
    run.ending = { as, since: this.#stage.now() };
    this.#cancelTimer?.();
    this.#cancelTimer = this.#stage.later(grace, () => {
      if (this.#run === run) this.#end(run);
    });
    this.#stage.watch(true);
    this.#stage.abort(run.controller, abortReason(as));
  }

  /** @param outcome absent when the run did not come to an end of its own */
  #end(run: Run, outcome?: Outcome): void {
    this.#run = undefined;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (run.ending) {
      this.#stage.watch(false);
      this.#stage.abort(run.controller, abortReason(run.ending.as));
    }
    const ms = this.#stage.now() - run.began;
    const finished = outcome && !(run.ending && outcome.error);
    if (finished) this.#keep(run, outcome, ms);
    const how = run.obsolete
      ? "stale"
      : finished
        ? outcome.error
          ? "failed"
          : "done"
        : run.ending!.as;
    this.#tellRun(run.cell.id, how, undefined, ms);
    if (how === "stopped") {
      this.#halted = run;
      this.#answerAll();
      this.#halted = undefined;
    }
    this.#advance();
  }

  #keep(run: Run, outcome: Outcome, ms: number): void {
    if (run.obsolete) return;
    const { id } = run.cell;
    const average = this.#durations.get(id);
    this.#durations.set(id, average === undefined ? ms : average + 0.3 * (ms - average));
    this.#results.add({
      id: this.#nextResult(),
      cell: id,
      inputs: run.identity,
      sources: run.sources,
      ms,
      bytes: sizeOf(outcome.outputs),
      ...outcome,
    });
  }

  /** Names of the page whose values differ from those of the cell's newest result. */
  #why(cell: string, inputs: Inputs): readonly string[] | undefined {
    const newest = this.#results.newest(cell);
    if (!newest) return undefined;
    const changed = [...newest.inputs.keys()].filter(
      (name) => !agree(newest.inputs, [name], inputs),
    );
    return changed.length > 0 ? changed : undefined;
  }

  #tellRun(
    cell: string,
    state: (KernelNotice & { type: "run" })["state"],
    why?: readonly string[],
    ms?: number,
  ): void {
    this.#stage.tell({
      type: "run",
      cell,
      state,
      ...(why && { why }),
      ...(ms !== undefined && { ms }),
    });
  }

  #nextResult(): string {
    return `${this.#origin}-${this.#arrivals++}`;
  }
}

function abortReason(as: "stale" | "stopped"): Error {
  const why = as === "stale" ? "its inputs have changed" : "the person stopped it";
  return new DOMException(`The run was ended: ${why}`, "AbortError");
}
