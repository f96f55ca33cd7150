import { type Choice, chosenCells, kept, stepped } from "./cell-choice.ts";

/** What choosing needs of the page. */
export interface ChosenCellsParts {
  /** The cell's element on the page. */
  element(id: string): HTMLElement | undefined;
  /** Others are chosen. */
  changed(): void;
}

/** The chosen cells as the page marks them; one is current, and has the focus while cells are chosen. */
export class ChosenCells {
  readonly #parts: ChosenCellsParts;
  #choice: Choice | undefined;
  #order: readonly string[] = [];

  constructor(parts: ChosenCellsParts) {
    this.#parts = parts;
  }

  /** All cells, in page order. */
  get order(): readonly string[] {
    return this.#order;
  }

  get current(): string | undefined {
    return this.#choice?.current;
  }

  /** The chosen ones, in page order. */
  get ids(): readonly string[] {
    return chosenCells(this.#order, this.#choice);
  }

  /** The cells are others now; where a chosen one is gone, what took its place is chosen. */
  follow(order: readonly string[]): void {
    this.#choice = kept(this.#order, order, this.#choice);
    this.#order = order;
    this.#mark();
  }

  /** Chooses from one cell to another, which becomes current; one alone without `anchor`. */
  choose(current: string, anchor: string = current): void {
    this.#choice = { anchor, current };
    this.#mark();
  }

  /** Chooses up to a cell, from where choosing began. */
  extend(to: string): void {
    this.choose(to, this.#choice?.anchor);
  }

  /** Makes a cell current, with the focus and in view. */
  visit(id: string): void {
    this.choose(id);
    this.focus();
  }

  /** The current cell has the focus and is in view. */
  focus(): void {
    const element = this.current === undefined ? undefined : this.#parts.element(this.current);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
  }

  /** Goes up or down; with `extend` the cells between are chosen. */
  step(by: number, extend = false): void {
    const choice = stepped(this.#order, this.#choice, by, extend);
    if (!choice) return;
    this.choose(choice.current, choice.anchor);
    this.focus();
  }

  /** The cell that is `by` places below the current one. */
  neighbour(id: string | undefined, by: number): string | undefined {
    return this.#order[this.#order.indexOf(id ?? "") + by];
  }

  #mark(): void {
    const chosen = new Set(this.ids);
    for (const id of this.#order) {
      const cell = this.#parts.element(id);
      cell?.classList.toggle("is-chosen", chosen.has(id));
      cell?.classList.toggle("is-current", id === this.current);
    }
    this.#parts.changed();
  }
}
