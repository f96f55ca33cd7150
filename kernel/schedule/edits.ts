import type { StaleReason } from "../../src/protocol/index.ts";
import type { CellGraph } from "./graph.ts";
import { agree, type Inputs, type Results } from "./results.ts";
import { type RunDetails, type Stage, tellRun } from "./stage.ts";

/** Cells that differ from those before. */
export interface EditedCells {
  /** That came, went or changed themselves. */
  readonly changed: readonly string[];
  /** Those of them, and all below, that have lost their results. */
  readonly lost: ReadonlySet<string>;
  /** Those of them that run on demand, and keep their last one until a person asks. */
  readonly kept: ReadonlySet<string>;
}

/** What has been edited or run anew: which results are of no use any more, and why cells run next. */
export class Edits {
  readonly #stage: Stage;
  readonly #results: Results;
  /** Files whose edit is the reason of a cell's next run. */
  readonly #files = new Map<string, readonly string[]>();
  /** What has been edited since a cell ran that runs on demand. */
  readonly #outdated = new Map<string, readonly StaleReason[]>();

  constructor(stage: Stage, results: Results) {
    this.#stage = stage;
    this.#results = results;
  }

  /**
   * The cells are others now. What changed, and all below it, loses its results; one that runs on demand
   * keeps its last one until a person asks.
   */
  cells(before: CellGraph, after: CellGraph): EditedCells {
    const changed = [...new Set([...before.cells.keys(), ...after.cells.keys()])].filter(
      (id) => before.cells.get(id)?.version !== after.cells.get(id)?.version,
    );
    const kept = new Set(changed.filter((id) => this.#keepsValue(after, id)));
    for (const id of kept) this.#outdate(id, {});
    const gone = changed.filter((id) => !kept.has(id));
    const lost = new Set([...before.downstream(gone), ...after.downstream(gone)]);
    for (const id of lost) this.#files.delete(id);
    for (const id of gone) this.#outdated.delete(id);
    const names = new Set(gone.flatMap((id) => after.cells.get(id)?.outputs ?? []));
    // What changed itself is asked for again as what it is now.
    this.#lose(lost, (id) => (changed.includes(id) ? {} : editedInputs(after, id, names)));
    return { changed, lost, kept };
  }

  /**
   * Modules that cells import have been edited: these cells, and all below them, lose their results.
   *
   * @param files the modules, as the person knows them
   * @returns the cells that have lost their results
   */
  modules(
    graph: CellGraph,
    cells: readonly string[],
    files: readonly string[],
  ): ReadonlySet<string> {
    const known = cells.filter((id) => graph.cells.has(id));
    const kept = known.filter((id) => this.#keepsValue(graph, id));
    for (const id of kept) for (const name of files) this.#outdate(id, { name });
    const lost = graph.downstream(known.filter((id) => !kept.includes(id)));
    for (const id of lost) {
      this.#files.set(id, [...new Set([...(this.#files.get(id) ?? []), ...files])]);
    }
    const told = { why: files, edited: true } as const;
    for (const id of kept) tellRun(this.#stage, id, "stale", told);
    this.#lose(lost, () => told);
    return lost;
  }

  /** A person has had the cell run anew: results of before, and all that was made from them, are of no use. */
  ranAnew(graph: CellGraph, id: string): void {
    const names = new Set(graph.cells.get(id)?.outputs);
    this.#lose(graph.downstream([id]), (cell) => editedInputs(graph, cell, names));
  }

  /** The cell runs as it is now. */
  runs(cell: string): void {
    this.#files.delete(cell);
    this.#outdated.delete(cell);
  }

  /** What has been edited since the cell ran: of one that runs on demand. */
  since(cell: string): readonly StaleReason[] {
    return this.#outdated.get(cell) ?? [];
  }

  /** Edited files, or names of the page whose values differ from those of the cell's newest result. */
  why(cell: string, inputs: Inputs): readonly string[] | undefined {
    const files = this.#files.get(cell);
    if (files) return files;
    const newest = this.#results.newest(cell);
    if (!newest) return undefined;
    const changed = [...newest.inputs.keys()].filter(
      (name) => !agree(newest.inputs, [name], inputs),
    );
    return changed.length > 0 ? changed : undefined;
  }

  /** Whether the cell runs on demand, and has a value that serves those who read it. */
  #keepsValue(graph: CellGraph, id: string): boolean {
    const cell = graph.cells.get(id);
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

  #lose(cells: ReadonlySet<string>, told: (cell: string) => RunDetails): void {
    for (const id of cells) {
      if (this.#results.drop(id)) tellRun(this.#stage, id, "stale", told(id));
    }
  }
}

/** That names which the cell reads have been edited or run anew. */
function editedInputs(graph: CellGraph, id: string, names: ReadonlySet<string>): RunDetails {
  const why = graph.cells.get(id)?.inputs.filter((name) => names.has(name)) ?? [];
  return { edited: true, ...(why.length > 0 && { why }) };
}
