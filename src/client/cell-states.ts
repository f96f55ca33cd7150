import { heldValue } from "../protocol/index.ts";
import { cellName } from "./cell/cell-name.ts";
import type { CellList } from "./cell-list.ts";
import { type Neighbours, neighboursOf, staleNames } from "./neighbours.ts";
import type { GraphNode, Variable } from "./panels/index.ts";
import { stateWord } from "./sign.ts";

/** How many cells run, and wait for their turn. */
export interface CellCounts {
  readonly running: number;
  readonly queued: number;
}

/** What follows from the states of cells for others: which of them read what is out of date. */
export class CellStates {
  readonly #list: CellList;
  readonly #tell: (counts: CellCounts) => void;
  readonly #listeners = new Set<() => void>();
  #isDue = false;

  /** @param tell hears how many cells are at work */
  constructor(list: CellList, tell: (counts: CellCounts) => void) {
    this.#list = list;
    this.#tell = tell;
    for (const type of ["pointerover", "focusin"]) {
      list.element.addEventListener(type, ({ target }) => {
        const cell = target instanceof Element ? target.closest<HTMLElement>("[data-cell]") : null;
        this.mark(cell?.dataset["cell"]);
      });
    }
    list.element.addEventListener("pointerleave", () => this.mark(undefined));
  }

  /** Cells that run only when a person asks, and are out of date or have never run. */
  get due(): readonly string[] {
    return this.#list.definitions.map(({ id }) => id).filter((id) => this.#list.panel(id)?.isDue);
  }

  /** The code cells as nodes of a graph, in the order of the page. */
  get nodes(): readonly GraphNode[] {
    return this.#list.order.flatMap((id): readonly GraphNode[] => {
      const cell = this.#list.definition(id);
      if (!cell || cell.kind === "prose") return [];
      const { state } = this.#list.panel(id) ?? { state: "idle" };
      return [{ id, name: cellName(cell), side: cell.kind, state: stateWord(state) }];
    });
  }

  /**
   * The names of all cells that have a value, in the order of the page.
   *
   * @param read the value of a name of the page
   */
  variables(read: (name: string) => unknown): readonly Variable[] {
    return this.#list.order.flatMap((id): readonly Variable[] => {
      const cell = this.#list.definition(id);
      if (cell?.kind === "kernel") {
        const held = this.#list.panel(id)?.held ?? [];
        const label = cellName(cell);
        return held.map((value) => ({ ...value, cell: id, label, side: "kernel" }));
      }
      if (cell?.kind !== "browser") return [];
      return cell.outputs.flatMap((name): readonly Variable[] => {
        const value = read(name);
        return value === undefined
          ? []
          : [{ ...heldValue(name, value), cell: id, label: cellName(cell), side: "browser" }];
      });
    });
  }

  get neighbours(): ReadonlyMap<string, Neighbours> {
    return neighboursOf(this.#list.definitions);
  }

  /** Calls `listener` when a cell is at something else, until the signal aborts. */
  follow(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  /** Something has changed: what follows from it is brought up to date, once for all that changes now. */
  look(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#look();
    });
  }

  /** Marks what a cell reads, and what reads it; without one, nothing any more. */
  mark(id: string | undefined): void {
    const { reads, readers } = this.neighbours.get(id ?? "") ?? {};
    for (const [cell, { element }] of this.#list.entries) {
      element.classList.toggle("is-read", reads?.has(cell) === true);
      element.classList.toggle("is-reader", readers?.has(cell) === true);
    }
  }

  #look(): void {
    const panels = [...this.#list.entries];
    const isStale = (id: string) => this.#list.panel(id)?.isStale === true;
    const names = staleNames(this.#list.definitions, isStale);
    for (const [id, panel] of panels) panel.leansOn(names.get(id) ?? []);
    const states = panels.map(([, { state }]) => state);
    const count = (wanted: string) => states.filter((state) => state === wanted).length;
    this.#tell({ running: count("running"), queued: count("queued") });
    for (const listener of this.#listeners) listener();
  }
}
