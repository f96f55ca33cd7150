import { element } from "./element.ts";

/** What a slide is made of: a cell that computes, or a block of a prose cell. */
type Block = HTMLElement;

/**
 * A workbook shown as slides: each begins at a heading of the first or second order and holds what stands
 * below it. Inputs and charts live on; code and bars are out of sight. Arrow keys, Page Up, Page Down and
 * Space turn the slides, Escape ends it.
 */
export class Presentation {
  readonly element: HTMLElement = element("div", {
    class: "slide-number",
    role: "status",
    hidden: true,
  });
  readonly #page: HTMLElement;
  readonly #cells: HTMLElement;
  #at = 0;

  /**
   * @param page what is shown as slides
   * @param cells holds the cells
   */
  constructor(page: HTMLElement, cells: HTMLElement) {
    this.#page = page;
    this.#cells = cells;
  }

  get isOn(): boolean {
    return this.#page.classList.contains("is-presenting");
  }

  /** Begins with the slide that is on the screen, or ends where the slides have got to. */
  toggle(): void {
    if (this.isOn) this.#end();
    else this.#begin();
  }

  /** The cells have become others: the slide is made again of them. */
  refresh(): void {
    if (this.isOn) this.#show(this.#at);
  }

  dispose(): void {
    if (this.isOn) this.#end();
  }

  #begin(): void {
    const slides = this.#slides();
    const first = slides.findIndex((blocks) =>
      blocks.some((block) => block.getBoundingClientRect().bottom > 80),
    );
    this.#page.classList.add("is-presenting");
    this.element.hidden = false;
    document.addEventListener("keydown", this.#onKey, true);
    this.#show(Math.max(0, first));
  }

  #end(): void {
    document.removeEventListener("keydown", this.#onKey, true);
    const [first] = this.#slides()[this.#at] ?? [];
    this.#page.classList.remove("is-presenting");
    this.element.hidden = true;
    for (const block of this.#slides().flat()) block.classList.remove("off-slide");
    first?.scrollIntoView();
  }

  #slides(): Block[][] {
    const slides: Block[][] = [];
    for (const cell of this.#cells.children) {
      const prose = cell.querySelector(":scope > .prose-text");
      for (const block of prose ? prose.children : [cell]) {
        if (slides.length === 0 || block.matches("h1, h2")) slides.push([]);
        slides.at(-1)?.push(block as Block);
      }
    }
    return slides;
  }

  #show(at: number): void {
    const slides = this.#slides();
    this.#at = Math.min(slides.length - 1, Math.max(0, at));
    for (const [i, blocks] of slides.entries()) {
      for (const block of blocks) block.classList.toggle("off-slide", i !== this.#at);
    }
    this.element.textContent = `${this.#at + 1} / ${slides.length}`;
    scrollTo(0, 0);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const turns: Readonly<Record<string, number>> = {
      ArrowRight: this.#at + 1,
      PageDown: this.#at + 1,
      " ": this.#at + 1,
      ArrowLeft: this.#at - 1,
      PageUp: this.#at - 1,
      Home: 0,
      End: Number.MAX_SAFE_INTEGER,
    };
    // An input or a chart that has the focus has its own use for arrow keys.
    const owner = (event.target as Element).closest("input, select, textarea, button, [tabindex]");
    if (owner && !owner.matches(".cell, .prose") && event.key !== "Escape") return;
    const to = turns[event.key];
    if (event.key === "Escape") this.#end();
    else if (to === undefined) return;
    else this.#show(to);
    event.preventDefault();
    event.stopPropagation();
  };
}
