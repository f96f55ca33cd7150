import { KeptView } from "./kept-view.ts";

/** What a view shows itself on. */
export interface PageViewParts {
  /** The page. */
  readonly element: HTMLElement;
  /** In the page, the element whose children are the cells. */
  readonly cells: HTMLElement;
  /** Path of the workbook, under which the browser remembers how it was seen. */
  path(): string;
  /** It is written now, or read. */
  changed(isWriting: boolean): void;
}

/** How a workbook is seen: to be written, with the code of every cell, or to be read; in a column, or wide. */
export class PageView {
  readonly #parts: PageViewParts;
  readonly #kept: KeptView;

  constructor(parts: PageViewParts) {
    this.#parts = parts;
    this.#kept = new KeptView(parts.cells, () => parts.path());
  }

  get isWriting(): boolean {
    return this.#parts.element.classList.contains("is-writing");
  }

  /** Shows the workbook as it was seen last. */
  restore(): void {
    const path = this.#parts.path();
    const isWriting = localStorage.getItem(`writing ${path}`) === "yes";
    const isWide = localStorage.getItem(`wide ${path}`) === "yes";
    this.#parts.element.classList.toggle("is-wide", isWide);
    this.write(isWriting);
  }

  write(isWriting: boolean): void {
    this.#parts.element.classList.toggle("is-writing", isWriting);
    this.remember();
    this.#parts.changed(isWriting);
  }

  toggle(): void {
    this.write(!this.isWriting);
  }

  /** Gives the cells the whole width of the window, or a column. */
  toggleWidth(): void {
    this.#parts.element.classList.toggle("is-wide");
    this.remember();
  }

  /** The page is about to go, and may come again. */
  keep(): void {
    this.#kept.keep();
  }

  /** The workbook is seen like this when it is opened again at its path. */
  remember(): void {
    const path = this.#parts.path();
    const { classList } = this.#parts.element;
    localStorage.setItem(`writing ${path}`, this.isWriting ? "yes" : "no");
    localStorage.setItem(`wide ${path}`, classList.contains("is-wide") ? "yes" : "no");
  }
}
