import type {
  CellError,
  ExecuteCommand,
  KernelCell,
  KernelRequest,
} from "../../src/protocol/index.ts";
import { answer } from "./answer.ts";
import { cellRun, isFor, resultOf } from "./cell-run.ts";
import type { Client } from "./client.ts";
import { Clients } from "./clients.ts";
import { Durations } from "./durations.ts";
import { Edits } from "./edits.ts";
import { executed, executionRun } from "./execution.ts";
import { Flight, type Verdict } from "./flight.ts";
import { CellGraph } from "./graph.ts";
import { Queue } from "./queue.ts";
import { type Inputs, type Result, Results } from "./results.ts";
import type { Outcome, Run } from "./run.ts";
import { type Stage, tellRun } from "./stage.ts";
import { Standings } from "./standing.ts";

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
  readonly #durations = new Durations();
  readonly #edits: Edits;
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
    this.#edits = new Edits(stage, results);
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
    const after = new CellGraph(cells);
    const { changed, lost, kept } = this.#edits.cells(this.#graph, after);
    this.#graph = after;
    for (const id of changed) {
      this.#durations.forget(id);
      if (!after.cells.has(id)) this.#asked.delete(id);
    }
    this.#outdateRun(lost);
    this.#outdateRun(kept);
    this.#advance();
  }

  /**
   * Modules that cells import have been edited: these cells, and all below them, lose their results.
   *
   * @param files the modules, as the person knows them
   */
  edited(cells: readonly string[], files: readonly string[]): void {
    this.#outdateRun(this.#edits.modules(this.#graph, cells, files));
    this.#advance();
  }

  /** What comes out of the run in flight is of no use when it is of one of these cells. */
  #outdateRun(cells: ReadonlySet<string>): void {
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
      this.#toRun(client).map((cell) => [cell, this.#edits.why(cell, client.inputs)] as const),
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
      edited: (cell) => this.#edits.since(cell),
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
    const run = cellRun(this.#graph, cell, {
      number: this.#runs++,
      began: this.#stage.now(),
      inputs,
      parents,
      isAsked: this.#asked.has(cell.id),
    });
    const why = this.#edits.why(cell.id, inputs);
    this.#edits.runs(cell.id);
    this.#fly(run, why);
  }

  #fly(run: Run, why?: readonly string[]): void {
    const expected = this.#durations.expected(run.cell.id);
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

  #keep(run: Run, outcome: Outcome, ms: number): void {
    const { id } = run.cell;
    this.#durations.add(id, ms);
    if (run.asked) this.#edits.ranAnew(this.#graph, id);
    const end = { id: this.#nextResult(), ms, ended: this.#stage.now() };
    this.#results.add(resultOf(run, outcome, end));
  }

  #nextResult(): string {
    return `${this.#origin}-${this.#resultIds++}`;
  }
}
