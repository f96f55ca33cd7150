import type { DocumentModel } from "../document/index.ts";
import { button, element } from "../element.ts";
import type { Panel } from "../panels/index.ts";
import { type OutlinePlace, outlineOf } from "./headings.ts";

/** What an outline needs of the page. */
export interface OutlineParts {
  readonly model: Pick<DocumentModel, "content" | "onChange">;
  /** The element of a cell. */
  cell(id: string): HTMLElement | undefined;
  /** Makes a cell current and takes the focus there. */
  visit(id: string): void;
}

/** A place is reached when its top is above this part of the window. */
const reachedAt = 0.25;

/** The panel that names the headings and cells of a workbook, says where one is, and goes there. */
export function outlinePanel(parts: OutlineParts): Panel {
  return {
    name: "outline",
    title: "Outline",
    open: (closed) => new Outline(parts, closed).element,
  };
}

class Outline {
  readonly element: HTMLElement = element("div", { class: "outline" });
  readonly #parts: OutlineParts;
  #places: readonly OutlinePlace[] = [];
  #items: readonly HTMLButtonElement[] = [];
  #told = "";
  #frame: number | undefined;

  constructor(parts: OutlineParts, closed: AbortSignal) {
    this.#parts = parts;
    const later = () => {
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = undefined;
        if (!closed.aborted) this.#show();
      });
    };
    const ends = parts.model.onChange(later);
    closed.addEventListener("abort", ends);
    addEventListener("scroll", later, { passive: true, signal: closed });
    addEventListener("resize", later, { passive: true, signal: closed });
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.#show();
    later();
  }

  #show(): void {
    const places = outlineOf(this.#parts.model.content);
    const told = JSON.stringify(places);
    if (told !== this.#told) {
      this.#told = told;
      this.#places = places;
      this.#draw();
    }
    this.#mark();
  }

  #draw(): void {
    const at = this.#items.indexOf(document.activeElement as HTMLButtonElement);
    const top = Math.min(...this.#places.map(({ level }) => level));
    this.#items = this.#places.map((place) => {
      const { title, level, heading } = place;
      const item = button(title, () => this.#go(place), {
        class: "outline-place",
        "data-kind": heading === undefined ? "cell" : "heading",
      });
      item.style.setProperty("--level", String(level - top));
      return item;
    });
    this.element.replaceChildren(
      this.#items.length > 0
        ? element("ol", {}, ...this.#items.map((item) => element("li", {}, item)))
        : element("p", { class: "quiet" }, "Headings and named cells are listed here."),
    );
    this.#items[Math.min(at, this.#items.length - 1)]?.focus();
  }

  /** Marks the last place above the middle of the window; at the end of the page, the last one. */
  #mark(): void {
    const line = innerHeight * reachedAt;
    const reached = this.#places.findLastIndex((place) => {
      const box = this.#target(place)?.getBoundingClientRect();
      return box !== undefined && box.top <= line;
    });
    const root = document.documentElement;
    const isAtEnd = root.scrollTop > 0 && root.scrollTop + innerHeight >= root.scrollHeight - 2;
    const current = isAtEnd ? this.#places.length - 1 : Math.max(0, reached);
    for (const [index, item] of this.#items.entries()) {
      if (index === current) item.setAttribute("aria-current", "location");
      else item.removeAttribute("aria-current");
    }
  }

  #target({ cell, heading }: OutlinePlace): Element | undefined {
    const place = this.#parts.cell(cell);
    if (heading === undefined || !place) return place;
    return place.querySelectorAll(":is(h1, h2, h3, h4, h5, h6)")[heading] ?? place;
  }

  #go(place: OutlinePlace): void {
    this.#parts.visit(place.cell);
    this.#target(place)?.scrollIntoView({ block: "start" });
  }

  #onKey(event: KeyboardEvent): void {
    const here = this.#items.indexOf(document.activeElement as HTMLButtonElement);
    const last = this.#items.length - 1;
    const to = {
      ArrowDown: Math.min(last, here + 1),
      ArrowUp: Math.max(0, here - 1),
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    this.#items[to]?.focus();
    event.preventDefault();
  }
}
