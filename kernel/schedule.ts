import {
  type CellError,
  type ExecuteCommand,
  heldValue,
  type KernelCell,
  type KernelRequest,
  type StaleReason,
  shortText,
  sizeOf,
} from "../src/protocol/index.ts";
import { answer } from "./answer.ts";
import type { Client } from "./client.ts";
import { Clients } from "./clients.ts";
import { executed, executionRun } from "./execution.ts";
import { Flight, type Verdict } from "./flight.ts";
import { CellGraph } from "./graph.ts";
import { Queue } from "./queue.ts";
import { agree, type Inputs, type Result, Results } from "./results.ts";
import type { Outcome, Run } from "./run.ts";

import { type RunDetails, type Stage, tellRun } from "./stage.ts";
import { Standings } from "./standing.ts";

/** Weight of the newest run in the moving average of what a cell takes. */
const newestWeight = 0.3;

/**
 * Decides which cell runs next, which run is stale, and who is answered with what. A state machine
 * without promises of its own: it moves on when something is told to it, so that nothing is lost when
 * the thread is torn out of its work.
 */
export class Scheduler {
  readonly #stage: Stage;
  readonly #origin: string;
  readonly #results: Results;
  readonly #clients = new Clients();
  readonly #queue: Queue;
  /** Moving average of the milliseconds a cell takes. */
  readonly #durations = new Map<string, number>();
  /** Files whose edit is the reason of a cell's next run. */
  readonly #edits = new Map<string, readonly string[]>();
  /** What has been edited since a cell ran that runs on demand. */
  readonly #outdated = new Map<string, readonly StaleReason[]>();
  /** Cells that a person has asked to run, until the run has come to its end. */
  readonly #asked = new Set<string>();
  #graph = new CellGraph();
  #flight: Flight | undefined;
  /** What waits to be executed, in order. */
  #executions: ExecuteCommand[] = [];
  /** The run whose stop is being answered. */
  #stopped: Run | undefined;
  #runs = 0;
  #resultIds = 0;

  /** @param origin makes result ids differ from those of other kernels */
  constructor(stage: Stage, origin: string, results: Results = new Results()) {
    this.#stage = stage;
    this.#origin = origin;
    this.#results = results;
    this.#queue = new Queue(stage);
  }

  /** The run in flight. */
  get running(): Run | undefined {
    return this.#flight?.run;
  }

  /**
   * Takes over the cells as they are now. What changed, and all below it, loses its results; one that runs
   * on demand keeps its last one until a person asks.
   */
  setCells(cells: readonly KernelCell[]): void {
    const before = this.#graph;
    const after = new CellGraph(cells);
    const changed = [...new Set([...before.cells.keys(), ...after.cells.keys()])].filter(
      (id) => before.cells.get(id)?.version !== after.cells.get(id)?.version,
    );
    this.#graph = after;
    const kept = new Set(changed.filter((id) => this.#keepsValue(id)));
    for (const id of kept) this.#outdate(id, {});
    const gone = changed.filter((id) => !kept.has(id));
    const lost = new Set([...before.downstream(gone), ...after.downstream(gone)]);
    for (const id of changed) this.#durations.delete(id);
    for (const id of lost) this.#edits.delete(id);
    for (const id of gone) {
      this.#outdated.delete(id);
      if (!after.cells.has(id)) this.#asked.delete(id);
    }
    const names = new Set(gone.flatMap((id) => after.cells.get(id)?.outputs ?? []));
    this.#lose(lost, (id) => {
      // What changed itself is asked for again as what it is now.
      if (changed.includes(id)) return {};
      const why = after.cells.get(id)?.inputs.filter((name) => names.has(name)) ?? [];
      return { edited: true, ...(why.length > 0 && { why }) };
    });
    const { running } = this;
    if (running && !running.execution && kept.has(running.cell.id)) running.obsolete = true;
    this.#advance();
  }

  /** Whether the cell runs on demand, and has a value that serves those who read it. */
  #keepsValue(id: string): boolean {
    const cell = this.#graph.cells.get(id);
    const { outputs } = this.#results.newest(id) ?? {};
    return (
      cell?.run === "demand" &&
      (outputs && cell.outputs.every((name) => outputs.has(name))) === true
    );
  }

  #outdate(id: string, reason: StaleReason): void {
    const before = this.#outdated.get(id) ?? [];
    if (before.some(({ name }) => name === reason.name)) return;
    this.#outdated.set(id, [...before, reason]);
  }

  /**
   * Modules that cells import have been edited: these cells, and all below them, lose their results.
   *
   * @param files the modules, as the person knows them
   */
  edited(cells: readonly string[], files: readonly string[]): void {
    const known = cells.filter((id) => this.#graph.cells.has(id));
    const kept = known.filter((id) => this.#keepsValue(id));
    for (const id of kept) for (const name of files) this.#outdate(id, { name });
    const lost = this.#graph.downstream(known.filter((id) => !kept.includes(id)));
    for (const id of lost) {
      this.#edits.set(id, [...new Set([...(this.#edits.get(id) ?? []), ...files])]);
    }
    const told = { why: files, edited: true } as const;
    for (const id of kept) tellRun(this.#stage, id, "stale", told);
    this.#lose(lost, () => told);
    this.#advance();
  }

  #lose(cells: ReadonlySet<string>, told: (cell: string) => RunDetails): void {
    for (const id of cells) {
      if (this.#results.drop(id)) tellRun(this.#stage, id, "stale", told(id));
    }
    const { running } = this;
    if (running && !running.execution && cells.has(running.cell.id)) running.obsolete = true;
  }

  /**
   * A client asks for cells; what it asked before is superseded. Cells of one request have their turns in
   * page order, whatever order they are named in: the top of a workbook is what is looked at first.
   */
  request(request: KernelRequest): void {
    const { cells } = request;
    const sorted = { ...request, cells: this.#graph.sorted(cells) };
    for (const id of this.#clients.take(sorted, this.#stage.now())) {
      if (this.#graph.cells.has(id)) this.#asked.add(id);
    }
    this.#advance();
  }

  /** Executes code after what is in flight and what was asked to be executed before. */
  execute(command: ExecuteCommand): void {
    this.#executions.push(command);
    this.#advance();
  }

  /** Ends the run in flight: its cell, and what waits for it, is answered with a failure. */
  stop(): void {
    this.#flight?.halt("stopped");
  }

  /** Ends the run in flight: its cell is answered with the error. */
  fail(error: CellError): void {
    this.#flight?.halt("failed", error);
  }

  /** Forgets results that are kept for no other reason than to be quick. */
  dropOlder(): void {
    this.#results.dropOlder();
  }

  /** What cells gave their names. */
  get outputs(): readonly (readonly [name: string, value: unknown])[] {
    return this.#results.newestOutputs;
  }

  /** A run came to its end by itself. */
  settled(run: Run, outcome: Outcome): void {
    if (run === this.running) this.#end(run, outcome);
  }

  /** The code on the thread was torn off: the run in flight, if it was to end, will not settle. */
  terminated(): void {
    if (this.running?.ending) this.#end(this.running);
    else this.#advance();
  }

  /** Judges the run in flight from inside an interrupt, after what was waiting has been handled. */
  judge(): Verdict {
    return this.#flight?.judge(() => this.#isWanted()) ?? "go on";
  }

  #advance(): void {
    this.#answerAll();
    if (this.#flight) this.#flight.review(() => this.#isWanted());
    else this.#startNext();
    const waiting = this.#clients.waiting.flatMap((client) =>
      this.#toRun(client).map((cell) => [cell, this.#why(cell, client.inputs)] as const),
    );
    this.#queue.update(new Map(waiting), this.running?.cell.id);
  }

  #standings(client: Client): Standings {
    const stopped = this.#stopped;
    return new Standings(this.#graph, this.#results, client.inputs, {
      halted: (cell) =>
        stopped?.cell.id === cell && isFor(stopped, client.inputs)
          ? (stopped.ending?.error ?? { name: "Stopped", message: "The cell was stopped" })
          : undefined,
      isAsked: (cell) => this.#asked.has(cell),
      edited: (cell) => this.#outdated.get(cell) ?? [],
    });
  }

  #toRun(client: Client): readonly string[] {
    return this.#standings(client).toRun(client.wishes.keys());
  }

  #answerAll(): void {
    for (const client of this.#clients.waiting) {
      const standings = this.#standings(client);
      for (const wish of [...client.wishes.values()]) {
        const standing = standings.of(wish.cell);
        if (standing.state !== "ready" && standing.state !== "failed") continue;
        client.fulfil(wish.cell);
        // It cannot run: that was the answer to who asked.
        this.#asked.delete(wish.cell);
        const wanted = this.#graph.cells.get(wish.cell)?.wanted ?? [];
        answer(this.#stage, client, wish, standing, wanted, () => this.#nextResult());
      }
    }
  }

  #startNext(): void {
    const execution = this.#executions.shift();
    if (execution) {
      this.#fly(executionRun(this.#runs++, execution, this.#stage.now()));
      return;
    }
    for (const { client, wish } of this.#clients.turns) {
      const standings = this.#standings(client);
      for (const cell of standings.toRun([wish.cell])) {
        const standing = standings.of(cell);
        if (standing.state !== "runnable") continue;
        this.#start(client.inputs, this.#graph.cells.get(cell)!, standing.parents);
        return;
      }
    }
  }

  #start(inputs: Inputs, cell: KernelCell, parents: readonly Result[]): void {
    const byCell = new Map(parents.map((parent) => [parent.cell, parent]));
    const given = (name: string): readonly [string, unknown][] => {
      const owner = this.#graph.owner(name);
      if (owner !== undefined) return [[name, byCell.get(owner)!.outputs.get(name)]];
      // What neither a cell nor the page gives is a builtin.
      return Object.hasOwn(inputs, name) ? [[name, inputs[name]]] : [];
    };
    const identity = this.#graph.identity(cell.id);
    const sources = parents.flatMap(({ cell, id, sources }) => [
      // A value that was kept stands for itself, whatever has become of what it was made from.
      ...(this.#graph.isLive(cell) ? sources : []),
      [cell, id] as const,
    ]);
    const values = new Map(cell.inputs.flatMap(given));
    const isAsked = this.#asked.has(cell.id);
    const run: Run = {
      number: this.#runs++,
      cell,
      values,
      ...(isAsked && { asked: true }),
      identity: new Map(identity.map((name) => [name, inputs[name]])),
      // Cells that run once are not made anew because of what they once read.
      sources: new Map(cell.run === "once" ? [] : sources),
      controller: new AbortController(),
      began: this.#stage.now(),
    };
    const why = this.#why(cell.id, inputs);
    this.#edits.delete(cell.id);
    this.#outdated.delete(cell.id);
    this.#fly(run, why);
  }

  #fly(run: Run, why?: readonly string[]): void {
    const expected = this.#durations.get(run.cell.id) ?? Number.POSITIVE_INFINITY;
    this.#flight = new Flight(run, this.#stage, expected, () => this.#end(run));
    tellRun(this.#stage, run.cell.id, "running", { why });
    this.#stage.begin(run);
  }

  /** Whether somebody still waits for what the run in flight makes. */
  #isWanted(): boolean {
    const run = this.running;
    if (!run || run.obsolete) return false;
    if (run.execution) return true;
    // What a person has asked for goes on to its end with what it began with.
    if (run.asked && !this.#graph.isLive(run.cell.id)) return true;
    return this.#clients.waiting.some(
      (client) => isFor(run, client.inputs) && this.#toRun(client).includes(run.cell.id),
    );
  }

  /** @param outcome absent when the run did not come to an end of its own */
  #end(run: Run, outcome?: Outcome): void {
    this.#flight?.close();
    this.#flight = undefined;
    const ms = this.#stage.now() - run.began;
    if (run.execution) {
      this.#stage.tell(executed(run, ms, outcome));
      this.#advance();
      return;
    }
    const finished = outcome && !(run.ending && outcome.error) && !run.obsolete;
    if (!run.obsolete && (finished || run.ending?.as !== "stale")) this.#asked.delete(run.cell.id);
    if (finished) this.#keep(run, outcome, ms);
    const reached = outcome?.error ? "failed" : "done";
    const how = finished ? reached : run.obsolete ? "stale" : run.ending!.as;
    tellRun(this.#stage, run.cell.id, how, { ms });
    if (!finished && how !== "stale") {
      this.#stopped = run;
      this.#answerAll();
      this.#stopped = undefined;
    }
    this.#advance();
  }

  #keep(run: Run, { outputs, preview, shown, error }: Outcome, ms: number): void {
    const { id } = run.cell;
    const average = this.#durations.get(id) ?? ms;
    this.#durations.set(id, average + newestWeight * (ms - average));
    if (run.asked) this.#loseBelow(id);
    const texts = [...run.values].map(([name, value]) => [name, shortText(value)] as const);
    this.#results.add({
      id: this.#nextResult(),
      cell: id,
      inputs: run.identity,
      sources: run.sources,
      read: new Map(texts),
      ms,
      ended: this.#stage.now(),
      held: [...outputs].map(([name, value]) => heldValue(name, value)),
      bytes: sizeOf([outputs, shown]),
      outputs,
      ...(preview !== undefined && { preview }),
      ...(shown && { shown }),
      ...(error && { error }),
    });
  }

  /** A person has had the cell run anew: results of before, and all that was made from them, are of no use. */
  #loseBelow(id: string): void {
    const below = this.#graph.downstream([id]);
    const names = this.#graph.cells.get(id)?.outputs ?? [];
    this.#lose(below, (cell) => {
      const why = this.#graph.cells.get(cell)?.inputs.filter((name) => names.includes(name)) ?? [];
      return { edited: true, ...(why.length > 0 && { why }) };
    });
  }

  /** Edited files, or names of the page whose values differ from those of the cell's newest result. */
  #why(cell: string, inputs: Inputs): readonly string[] | undefined {
    const files = this.#edits.get(cell);
    if (files) return files;
    const newest = this.#results.newest(cell);
    if (!newest) return undefined;
    const changed = [...newest.inputs.keys()].filter(
      (name) => !agree(newest.inputs, [name], inputs),
    );
    return changed.length > 0 ? changed : undefined;
  }

  #nextResult(): string {
    return `${this.#origin}-${this.#resultIds++}`;
  }
}

/** Whether the run makes the result for these values of the page. */
function isFor(run: Run, inputs: Inputs): boolean {
  return agree(run.identity, [...run.identity.keys()], inputs);
}
