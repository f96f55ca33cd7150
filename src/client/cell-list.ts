import type { CellDefinition } from "../protocol/index.ts";
import { CellPanel } from "./cell-panel.ts";
import { element } from "./element.ts";
import type { FailureContext } from "./failure-box.ts";

/** The cells of a workbook one below the other: prose as it is rendered, code cells as panels. */
export class CellList {
  readonly element: HTMLElement = element("main", { class: "cells" });
  readonly #definitions = new Map<string, CellDefinition>();
  readonly #panels = new Map<string, CellPanel>();
  readonly #prose = new Map<string, HTMLElement>();
  readonly #context: Pick<FailureContext, "definerOf" | "runAgain">;

  /** @param context what failures are told with */
  constructor(context: Pick<FailureContext, "definerOf" | "runAgain">) {
    this.#context = context;
  }

  get definitions(): readonly CellDefinition[] {
    return [...this.#definitions.values()];
  }

  get panels(): Iterable<CellPanel> {
    return this.#panels.values();
  }

  /** The panel of a code cell. */
  panel(id: string): CellPanel | undefined {
    return this.#panels.get(id);
  }

  /**
   * Shows changed cells, in this order.
   *
   * @returns ids of the cells that are not in the order any more
   */
  show(changed: readonly CellDefinition[], order: readonly string[]): readonly string[] {
    const gone = [...this.#definitions.keys()].filter((id) => !order.includes(id));
    for (const id of gone) this.#remove(id);
    for (const definition of changed) {
      this.#definitions.set(definition.id, definition);
      if (definition.kind === "prose") this.#showProse(definition);
      else this.#showCode(definition);
    }
    this.#arrange(order);
    return gone;
  }

  /** Goes to a cell; to a line of its source, unfolded, when one is given. */
  visit(id: string, line?: number): void {
    const panel = this.#panels.get(id);
    if (line !== undefined) panel?.fold(false, line);
    panel?.element.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  #showProse({ id, html }: CellDefinition): void {
    this.#panels.get(id)?.element.remove();
    this.#panels.delete(id);
    const prose = this.#prose.get(id) ?? element("section", { class: "prose", id: `cell-${id}` });
    // Rendered by the server from Markdown, whose own HTML it does not let through.
    prose.innerHTML = html;
    this.#prose.set(id, prose);
  }

  #showCode(definition: Exclude<CellDefinition, { kind: "prose" }>): void {
    const { id } = definition;
    this.#prose.get(id)?.remove();
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
    };
    this.#panels.set(id, new CellPanel(definition, context));
  }

  #remove(id: string): void {
    this.#definitions.delete(id);
    this.#panels.get(id)?.element.remove();
    this.#prose.get(id)?.remove();
    this.#panels.delete(id);
    this.#prose.delete(id);
  }

  /** A cell that is in its place is not touched, so it keeps focus and scroll. */
  #arrange(order: readonly string[]): void {
    let next: ChildNode | null = this.element.firstChild;
    for (const id of order) {
      const cell = this.#panels.get(id)?.element ?? this.#prose.get(id);
      if (!cell) continue;
      if (cell === next) next = next.nextSibling;
      else this.element.insertBefore(cell, next);
    }
  }
}
