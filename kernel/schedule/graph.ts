import type { CellError, KernelCell } from "../../src/protocol/index.ts";

/**
 * The kernel cells of a workbook and what reads what. An input that no kernel cell declares is a value
 * of the page. Cells of a cycle, and cells that declare one name twice, have a fault instead of a run.
 */
export class CellGraph {
  readonly cells: ReadonlyMap<string, KernelCell>;
  readonly #owners = new Map<string, string[]>();
  readonly #faults = new Map<string, CellError>();
  /** Every cell after all it reads; cells that need not wait for each other in page order. */
  readonly #order: string[] = [];

  constructor(cells: readonly KernelCell[] = []) {
    this.cells = new Map(cells.map((cell) => [cell.id, cell]));
    for (const cell of cells) {
      for (const name of cell.outputs) {
        const owners = this.#owners.get(name);
        if (owners) owners.push(cell.id);
        else this.#owners.set(name, [cell.id]);
      }
    }
    const path: string[] = [];
    for (const cell of cells) this.#visit(cell.id, path);
    for (const [name, owners] of this.#owners) {
      if (owners.length < 2) continue;
      for (const owner of owners) this.#fault(owner, `${name} is defined more than once`);
    }
  }

  /** The cell that declares `name`; undefined when the page gives its value. */
  owner(name: string): string | undefined {
    return this.#owners.get(name)?.[0];
  }

  /** Cells that a cell reads directly, in the order of its inputs. */
  parents(id: string): readonly string[] {
    const owners = this.cells.get(id)?.inputs.map((name) => this.owner(name)) ?? [];
    return [...new Set(owners.filter((owner) => owner !== undefined))];
  }

  /** In page order; what is no cell here comes last. */
  sorted<T extends { readonly id: string }>(wishes: readonly T[]): readonly T[] {
    const ids = [...this.cells.keys()];
    const places = new Map(ids.map((id, place) => [id, place]));
    const place = ({ id }: T) => places.get(id) ?? ids.length;
    return wishes.toSorted((a, b) => place(a) - place(b));
  }

  /** These cells and all they read, through any number of cells: each after what it reads. */
  upstream(ids: Iterable<string>): readonly string[] {
    const found = new Set<string>();
    const pending = [...ids].filter((id) => this.cells.has(id));
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      pending.push(...this.parents(id));
    }
    return this.#order.filter((id) => found.has(id));
  }

  /**
   * These cells and all that read them, through any number of live cells: one that runs on demand or once
   * keeps its value whatever becomes of what it reads.
   */
  downstream(ids: Iterable<string>): ReadonlySet<string> {
    const found = new Set(ids);
    for (const id of this.#order) {
      if (!this.isLive(id)) continue;
      if (this.parents(id).some((parent) => found.has(parent))) found.add(id);
    }
    return found;
  }

  /** Whether the cell runs anew by itself when what it reads has changed. */
  isLive(id: string): boolean {
    return this.cells.get(id)?.run === "live";
  }

  /** Names of the page that a run of the cell depends on, through any number of cells. */
  pageInputs(id: string): readonly string[] {
    return this.#pageNames([id], () => true);
  }

  /**
   * Names of the page whose values tell one result of the cell from another: a cell that runs once
   * has one result, whatever the page says. What is read of a cell that is not live is told by its result.
   */
  identity(id: string): readonly string[] {
    const isOwn = (cell: KernelCell) => cell.id === id && cell.run === "demand";
    return this.#pageNames([id], (cell) => cell.run === "live" || isOwn(cell));
  }

  /** Why the cell can have no value whatever its inputs are. */
  fault(id: string): CellError | undefined {
    return this.#faults.get(id);
  }

  #pageNames(ids: readonly string[], passes: (cell: KernelCell) => boolean): readonly string[] {
    const names = new Set<string>();
    const seen = new Set<string>();
    const pending = [...ids];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      const cell = this.cells.get(id);
      if (!cell || seen.has(id) || !passes(cell)) continue;
      seen.add(id);
      for (const name of cell.inputs) {
        const owner = this.owner(name);
        if (owner === undefined) names.add(name);
        else pending.push(owner);
      }
    }
    return [...names];
  }

  /** Depth first, parents before the cell; a cell met again on its own path closes a cycle. */
  #visit(id: string, path: string[]): void {
    const above = path.indexOf(id);
    if (above >= 0) {
      const cycle = path.slice(above);
      const spelled = [...cycle, id].map((cell) => this.#described(cell)).join(" → ");
      for (const cell of cycle) this.#fault(cell, `Circular definition: ${spelled}`);
      return;
    }
    if (this.#order.includes(id)) return;
    path.push(id);
    for (const parent of this.parents(id)) this.#visit(parent, path);
    path.pop();
    if (!this.#order.includes(id)) this.#order.push(id);
  }

  #described(id: string): string {
    return this.cells.get(id)?.outputs.join(", ") || id;
  }

  #fault(id: string, message: string): void {
    if (!this.#faults.has(id)) this.#faults.set(id, { name: "SyntaxError", message });
  }
}
