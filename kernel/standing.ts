import type { CellError } from "../src/protocol/index.ts";
import { builtins } from "../src/workbook/index.ts";
import type { CellGraph } from "./graph.ts";
import type { Inputs, Result, Results } from "./results.ts";

/** How a cell stands for given values of the page. */
export type Standing =
  | { readonly state: "ready"; readonly result: Result }
  | {
      readonly state: "failed";
      readonly error: CellError;
      /** Set when the cell itself ran and failed. */
      readonly result?: Result;
    }
  /** All it reads is ready: it can run now. */
  | { readonly state: "runnable"; readonly parents: readonly Result[] }
  /** Something it reads must run first. */
  | { readonly state: "waiting" };

/** How the cells stand for one set of the page's values; valid until a result or a cell changes. */
export class Standings {
  readonly #graph: CellGraph;
  readonly #results: Results;
  readonly #inputs: Inputs;
  readonly #halted: (cell: string) => CellError | undefined;
  readonly #known = new Map<string, Standing>();

  /** @param halted why a cell, otherwise runnable, has been ended by the person */
  constructor(
    graph: CellGraph,
    results: Results,
    inputs: Inputs,
    halted: (cell: string) => CellError | undefined = () => undefined,
  ) {
    this.#graph = graph;
    this.#results = results;
    this.#inputs = inputs;
    this.#halted = halted;
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
    return this.#graph.upstream(wanted).filter((cell) => wanted.has(cell));
  }

  #assess(id: string): Standing {
    const cell = this.#graph.cells.get(id);
    if (!cell) return failed("ReferenceError", `Cannot run cell "${id}": there is no such cell`);
    const fault = this.#graph.fault(id);
    if (fault) return { state: "failed", error: fault };
    const result = this.#results.find(id, this.#graph.identity(id), this.#inputs);
    if (result && this.#isCurrent(result)) {
      return result.error
        ? { state: "failed", error: result.error, result }
        : { state: "ready", result };
    }
    const absent = this.#graph
      .pageInputs(id)
      .filter((name) => !Object.hasOwn(this.#inputs, name) && !builtins.kernel.has(name))
      .map((name) => `"${name}"`);
    if (absent.length > 0) {
      const what = `expected a value for ${absent.join(", ")}, found none`;
      return failed("ReferenceError", `Cannot run cell "${id}": ${what}`);
    }
    const halted = this.#halted(id);
    if (halted) return { state: "failed", error: halted };
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

  /** Whether what the result was made from has not run again since; forgotten results count as the same. */
  #isCurrent(result: Result): boolean {
    for (const [source, id] of result.sources) {
      const now = this.#results.find(source, this.#graph.identity(source), this.#inputs);
      if (now && now.id !== id) return false;
    }
    return true;
  }

  #blocked(id: string, parent: string, error: CellError): Standing {
    const inputs = this.#graph.cells.get(id)?.inputs ?? [];
    const name = inputs.find((input) => this.#graph.owner(input) === parent)!;
    const blockedBy = error.blockedBy ?? name;
    const message = `Waits for ${blockedBy}, whose cell failed`;
    return { state: "failed", error: { name: "Blocked", message, blockedBy } };
  }
}

function failed(name: string, message: string): Standing {
  return { state: "failed", error: { name, message } };
}
