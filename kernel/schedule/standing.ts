import { type CellError, type StaleReason, shortText } from "../../src/protocol/index.ts";
import { builtins } from "../../src/workbook/index.ts";
import type { CellGraph } from "./graph.ts";
import { agree, type Inputs, type Result, type Results } from "./results.ts";

/** How a cell stands for given values of the page. */
export type Standing =
  | {
      readonly state: "ready";
      readonly result: Result;
      /** Of a cell that runs on demand: why the result is not of what it reads now. */
      readonly stale?: readonly StaleReason[];
    }
  | {
      readonly state: "failed";
      readonly error: CellError;
      /** Set when the cell itself ran and failed. */
      readonly result?: Result;
      readonly stale?: readonly StaleReason[];
    }
  /** All it reads is ready: it can run now. */
  | { readonly state: "runnable"; readonly parents: readonly Result[] }
  /** Something it reads must run first. */
  | { readonly state: "waiting" };

/** What is known of a cell beside its results. */
export interface CellMarks {
  /** Why it, otherwise runnable, has been ended by the person. */
  halted(cell: string): CellError | undefined;
  /** Whether a person has asked for a run that has not come to an end. */
  isAsked(cell: string): boolean;
  /** What has been edited since it ran: of a cell that runs on demand. */
  edited(cell: string): readonly StaleReason[];
}

const noMarks: CellMarks = {
  halted: () => undefined,
  isAsked: () => false,
  edited: () => [],
};

/** How the cells stand for one set of the page's values; valid until a result or a cell changes. */
export class Standings {
  readonly #graph: CellGraph;
  readonly #results: Results;
  readonly #inputs: Inputs;
  readonly #marks: CellMarks;
  readonly #known = new Map<string, Standing>();

  constructor(graph: CellGraph, results: Results, inputs: Inputs, marks: CellMarks = noMarks) {
    this.#graph = graph;
    this.#results = results;
    this.#inputs = inputs;
    this.#marks = marks;
  }

  of(cell: string): Standing {
    const known = this.#known.get(cell);
    if (known) return known;
    const standing = this.#assess(cell);
    this.#known.set(cell, standing);
    return standing;
  }

  /** Cells that must run before all of these are ready, in the order in which they can. */
  toRun(cells: Iterable<string>): readonly string[] {
    const wanted = new Set<string>();
    const pending = [...cells];
    for (let cell = pending.pop(); cell !== undefined; cell = pending.pop()) {
      const { state } = this.of(cell);
      if (wanted.has(cell) || (state !== "runnable" && state !== "waiting")) continue;
      wanted.add(cell);
      pending.push(...this.#graph.parents(cell));
    }
    const runs = (cell: string) =>
      this.#graph.cells.get(cell)?.run !== "demand" || this.#marks.isAsked(cell);
    return this.#graph.upstream(wanted).filter((cell) => wanted.has(cell) && runs(cell));
  }

  #assess(id: string): Standing {
    const cell = this.#graph.cells.get(id);
    if (!cell) return failed("ReferenceError", `Cannot run cell "${id}": there is no such cell`);
    const fault = this.#graph.fault(id);
    if (fault) return { state: "failed", error: fault };
    if (!this.#marks.isAsked(id)) {
      const had = cell.run === "demand" ? this.#kept(id) : this.#current(id);
      if (had) return had;
    }
    const absent = this.#graph
      .pageInputs(id)
      .filter((name) => !Object.hasOwn(this.#inputs, name) && !builtins.kernel.has(name))
      .map((name) => `"${name}"`);
    if (absent.length > 0) {
      const what = `expected a value for ${absent.join(", ")}, found none`;
      return failed("ReferenceError", `Cannot run cell "${id}": ${what}`);
    }
    const halted = this.#marks.halted(id);
    if (halted) return { state: "failed", error: halted };
    if (cell.run === "demand" && !this.#marks.isAsked(id)) {
      return failed("OnDemand", "It runs on demand, and nobody has asked for it yet");
    }
    const parents: Result[] = [];
    let waiting = false;
    for (const parent of this.#graph.parents(id)) {
      const standing = this.of(parent);
      if (standing.state === "failed") return this.#blocked(id, parent, standing.error);
      if (standing.state === "ready") parents.push(standing.result);
      else waiting = true;
    }
    return waiting ? { state: "waiting" } : { state: "runnable", parents };
  }

  /** The result of what the cell reads now. */
  #current(id: string): Standing | undefined {
    const result = this.#results.find(id, this.#graph.identity(id), this.#inputs);
    return result && this.#isCurrent(result) ? standingOf(result) : undefined;
  }

  /** Whether what the result was made from has not run again since; forgotten results count as the same. */
  #isCurrent(result: Result): boolean {
    for (const [source, id] of result.sources) {
      if (this.#marks.isAsked(source)) return false;
      const now = this.#graph.isLive(source)
        ? this.#results.find(source, this.#graph.identity(source), this.#inputs)
        : resultOf(this.of(source));
      if (now && now.id !== id) return false;
    }
    return true;
  }

  /** The result of a cell that runs on demand: that of what it reads now, else its last, with what has changed since. */
  #kept(id: string): Standing | undefined {
    const edited = this.#marks.edited(id);
    const exact = this.#results.find(id, this.#graph.identity(id), this.#inputs);
    const result = exact ?? this.#results.newest(id);
    if (!result) return undefined;
    // What it reads is being made: whether that is another value is known then.
    const parents = this.#graph.parents(id).map((parent) => this.of(parent).state);
    if (parents.some((state) => state === "runnable" || state === "waiting")) {
      return { state: "waiting" };
    }
    const inputs = this.#graph.cells.get(id)?.inputs ?? [];
    const changed = inputs.flatMap((name) => this.#change(name, result));
    const stale = [...edited, ...changed];
    return stale.length > 0 ? { ...standingOf(result), stale } : standingOf(result);
  }

  /** How the value of a name differs from what the result was made from. */
  #change(name: string, result: Result): readonly StaleReason[] {
    const owner = this.#graph.owner(name);
    const was = result.read.get(name);
    if (owner === undefined) {
      if (!result.inputs.has(name) || agree(result.inputs, [name], this.#inputs)) return [];
      return [reason(name, was, shortText(this.#inputs[name]))];
    }
    const standing = this.of(owner);
    if (standing.state !== "ready") return [{ name }];
    if (standing.result.id === result.sources.get(owner)) return [];
    return [reason(name, was, shortText(standing.result.outputs.get(name)))];
  }

  #blocked(id: string, parent: string, error: CellError): Standing {
    const inputs = this.#graph.cells.get(id)?.inputs ?? [];
    const name = inputs.find((input) => this.#graph.owner(input) === parent)!;
    const blockedBy = error.blockedBy ?? name;
    const why = error.name === "OnDemand" ? "which runs on demand" : "whose cell failed";
    const isPassedOn = error.blockedBy !== undefined;
    const message = isPassedOn ? error.message : `Waits for ${blockedBy}, ${why}`;
    return { state: "failed", error: { name: "Blocked", message, blockedBy } };
  }
}

function standingOf(result: Result): Standing & { readonly state: "ready" | "failed" } {
  return result.error
    ? { state: "failed", error: result.error, result }
    : { state: "ready", result };
}

function resultOf(standing: Standing): Result | undefined {
  return "result" in standing ? standing.result : undefined;
}

/** Texts that are the same tell nothing. */
function reason(name: string, was: string | undefined, now: string): StaleReason {
  return was === undefined || was === now ? { name } : { name, was, now };
}

function failed(name: string, message: string): Standing {
  return { state: "failed", error: { name, message } };
}
