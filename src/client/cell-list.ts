import type { CellDefinition, EditedCell } from "../protocol/index.ts";
import { type CellContext, CellPanel } from "./cell/index.ts";
import type { EditedPlace } from "./editor/workbook-editor.ts";
import { element } from "./element.ts";
import { ProsePanel } from "./prose-panel.ts";

/** The cells of a workbook one below the other: prose as it is rendered, code cells as panels. */
export class CellList {
  readonly element: HTMLElement = element("main", { class: "cells" });
  readonly #definitions = new Map<string, CellDefinition>();
  readonly #panels = new Map<string, CellPanel>();
  readonly #prose = new Map<string, ProsePanel>();
  readonly #context: Omit<CellContext, "source" | "visit" | "isUnasked">;

  /** @param context what failures are told with, and what cells ask for */
  constructor(context: Omit<CellContext, "source" | "visit" | "isUnasked">) {
    this.#context = context;
  }

  get definitions(): readonly CellDefinition[] {
    return [...this.#definitions.values()];
  }

  /** Ids of all cells as they stand on the page. */
  get order(): readonly string[] {
    const cells = [...this.element.children] as HTMLElement[];
    return cells.map(({ dataset }) => dataset["cell"]).filter((id) => id !== undefined);
  }

  definition(id: string): CellDefinition | undefined {
    return this.#definitions.get(id);
  }

  get panels(): Iterable<CellPanel> {
    return this.#panels.values();
  }

  /** The panels of code cells, by id. */
  get entries(): Iterable<readonly [id: string, panel: CellPanel]> {
    return this.#panels;
  }

  /** The panel of a code cell. */
  panel(id: string): CellPanel | undefined {
    return this.#panels.get(id);
  }

  /** Where a cell is written. */
  place(id: string): EditedPlace | undefined {
    return this.#panels.get(id) ?? this.#prose.get(id);
  }

  /**
   * Shows the cells of a document as it is edited, those of which no definition is known yet as well:
   * as `provisional` says, until the server has read them.
   */
  arrange(cells: readonly EditedCell[], provisional: (cell: EditedCell) => CellDefinition): void {
    const ids = new Set(cells.map(({ id }) => id));
    for (const id of [...this.#panels.keys(), ...this.#prose.keys()]) {
      if (!ids.has(id)) this.#takeAway(id);
    }
    for (const cell of cells) {
      const isShown = (cell.kind === "prose" ? this.#prose : this.#panels).has(cell.id);
      if (isShown) continue;
      const definition = this.#definitions.get(cell.id);
      const isKnown = (definition?.kind === "prose") === (cell.kind === "prose");
      this.#show(definition && isKnown ? definition : provisional(cell));
    }
    this.#arrange(cells.map(({ id }) => id));
  }

  /**
   * Shows changed cells, in this order.
   *
   * @param written the cells of the document in this page, in which they stand there: it may be ahead of what
   * the server knows. A cell that is of another kind there by now stays as it is
   * @returns ids of the cells that are not in the order any more
   */
  show(
    changed: readonly CellDefinition[],
    order: readonly string[],
    written?: readonly Pick<EditedCell, "id" | "kind">[],
  ): readonly string[] {
    const arrangement = written?.map(({ id }) => id) ?? order;
    const kinds = new Map(written?.map(({ id, kind }) => [id, kind]));
    const gone = [...this.#definitions.keys()].filter((id) => !order.includes(id));
    for (const id of gone) {
      this.#definitions.delete(id);
      // One that was deleted and is back in this page stays what it is: it may have the focus.
      if (!arrangement.includes(id)) this.#takeAway(id);
    }
    for (const definition of changed) {
      const { id, kind } = definition;
      this.#definitions.set(id, definition);
      const isText = (kinds.get(id) ?? kind) === "prose";
      if (isText === (kind === "prose")) this.#show(definition);
    }
    this.#arrange(arrangement);
    return gone;
  }

  /** Goes to a cell; to a line of its source, unfolded, when one is given. */
  visit(id: string, line?: number): void {
    const panel = this.#panels.get(id);
    if (line !== undefined) panel?.fold(false, line);
    panel?.element.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  /** Changes how high cells are; the first one in view stays where it is. */
  keepInView(change: () => void): void {
    const cells = [...this.element.children];
    const first = cells.find((cell) => cell.getBoundingClientRect().bottom > topOfView);
    const before = first?.getBoundingClientRect().top ?? 0;
    change();
    const by = (first?.getBoundingClientRect().top ?? 0) - before;
    if (scrollY > 0 && Math.abs(by) > 1) scrollBy(0, by);
  }

  /** Takes every cell away. */
  dispose(): void {
    for (const id of [...this.#panels.keys(), ...this.#prose.keys()]) this.#takeAway(id);
  }

  #show(definition: CellDefinition): void {
    if (definition.kind === "prose") this.#showProse(definition);
    else this.#showCode(definition);
  }

  #showProse({ id, html }: CellDefinition): void {
    this.#panels.get(id)?.dispose();
    this.#panels.delete(id);
    const panel = this.#prose.get(id) ?? new ProsePanel(id);
    this.#prose.set(id, panel);
    panel.define(html);
  }

  #showCode(definition: Exclude<CellDefinition, { kind: "prose" }>): void {
    const { id } = definition;
    this.#prose.get(id)?.element.remove();
    this.#prose.delete(id);
    const panel = this.#panels.get(id);
    if (panel) {
      panel.define(definition);
      return;
    }
    const context = {
      source: (cell: string) => this.#definitions.get(cell)?.source,
      ...this.#context,
      visit: (cell: string, line?: number) => this.visit(cell, line),
      isUnasked: (cell: string) => this.#panels.get(cell)?.state === "demand",
    };
    this.#panels.set(id, new CellPanel(definition, context));
  }

  #takeAway(id: string): void {
    this.#panels.get(id)?.dispose();
    this.#prose.get(id)?.element.remove();
    this.#panels.delete(id);
    this.#prose.delete(id);
  }

  /**
   * Puts the cells in this order. The one that has the focus is not moved, others move about it: in an element
   * that is moved the cursor would go to the beginning. One that is in its place is not touched either.
   */
  #arrange(order: readonly string[]): void {
    const list = this.element;
    const cells = order.flatMap((id) => this.place(id)?.element ?? []);
    const pivot = cells.findIndex((cell) => cell.contains(document.activeElement));
    const from = (start: ChildNode | null, run: readonly HTMLElement[]) => {
      let next = start;
      for (const cell of run) {
        if (cell === next) next = next.nextSibling;
        else putBefore(list, cell, next);
      }
    };
    if (pivot < 0) from(list.firstChild, cells);
    else {
      from(list.firstChild, cells.slice(0, pivot));
      from(cells[pivot]!.nextSibling, cells.slice(pivot + 1));
    }
  }
}

/** Below the line at the top of the page, in px. */
const topOfView = 64;

/** Puts a cell before another; one that moves keeps what it holds as it is where the browser can: scrolling, frames. */
function putBefore(list: HTMLElement, cell: HTMLElement, next: ChildNode | null): void {
  if (cell.isConnected && "moveBefore" in list) list.moveBefore(cell, next);
  else list.insertBefore(cell, next);
}
