import { element } from "../element.ts";

/** What dragging needs of what is around it. */
export interface CellDragParts {
  readonly list: HTMLElement;
  /** The cells that go with one that is dragged. */
  dragged(id: string): readonly string[];
  /** Puts cells behind another one, or at the top. */
  move(ids: readonly string[], after: string | null): void;
}

const cellsOfList = ":scope > [data-cell]";

/** Nearer than this to an edge of the window, in px, the page scrolls. */
const edge = 90;

/** Drags cells by their handles to a place between others; the page scrolls when the pointer nears an edge. */
export class CellDrag {
  readonly #parts: CellDragParts;
  #ids: readonly string[] = [];
  #y = 0;
  #frame = 0;

  constructor(parts: CellDragParts) {
    this.#parts = parts;
    parts.list.addEventListener("dragstart", this.#onStart);
  }

  dispose(): void {
    this.#parts.list.removeEventListener("dragstart", this.#onStart);
    this.#end();
  }

  readonly #onStart = (event: DragEvent): void => {
    const handle = (event.target as Element | null)?.closest?.(".cell-handle");
    const cell = handle?.closest<HTMLElement>("[data-cell]");
    const id = cell?.dataset["cell"];
    if (!cell || id === undefined || !event.dataTransfer) return;
    this.#ids = this.#parts.dragged(id);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.#ids.join(", "));
    const count = this.#ids.length;
    const badge = element("span", { class: "drag-badge" }, count === 1 ? id : `${count} cells`);
    document.body.append(badge);
    event.dataTransfer.setDragImage(badge, 0, 0);
    // The picture is taken once this event is over.
    setTimeout(() => badge.remove());
    document.addEventListener("dragover", this.#onOver);
    document.addEventListener("drop", this.#onDrop);
    document.addEventListener("dragend", this.#onEnd);
    this.#y = event.clientY;
    this.#frame = requestAnimationFrame(this.#scroll);
  };

  readonly #onOver = (event: DragEvent): void => {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "move";
    this.#y = event.clientY;
    this.#mark();
  };

  readonly #onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const cells = this.#cells();
    const ids = this.#ids;
    const above = cells
      .slice(0, this.#gap(cells))
      .findLast((cell) => !ids.includes(cell.dataset["cell"]!));
    this.#end();
    this.#parts.move(ids, above?.dataset["cell"] ?? null);
  };

  readonly #onEnd = (): void => this.#end();

  #cells(): readonly HTMLElement[] {
    return [...this.#parts.list.querySelectorAll<HTMLElement>(cellsOfList)];
  }

  /** How many cells are above the place that the pointer means. */
  #gap(cells: readonly HTMLElement[]): number {
    const below = cells.findIndex((cell) => {
      const { top, height } = cell.getBoundingClientRect();
      return this.#y < top + height / 2;
    });
    return below < 0 ? cells.length : below;
  }

  #mark(): void {
    const cells = this.#cells();
    const gap = this.#gap(cells);
    for (const [index, cell] of cells.entries()) {
      cell.classList.toggle("drop-above", index === gap);
      cell.classList.toggle("drop-below", gap === cells.length && index === gap - 1);
    }
  }

  readonly #scroll = (): void => {
    const above = edge - this.#y;
    const below = this.#y - (innerHeight - edge);
    const by = above > 0 ? -above : Math.max(0, below);
    if (by !== 0) {
      scrollBy(0, by / 5);
      this.#mark();
    }
    this.#frame = requestAnimationFrame(this.#scroll);
  };

  #end(): void {
    cancelAnimationFrame(this.#frame);
    this.#ids = [];
    document.removeEventListener("dragover", this.#onOver);
    document.removeEventListener("drop", this.#onDrop);
    document.removeEventListener("dragend", this.#onEnd);
    for (const cell of this.#cells()) cell.classList.remove("drop-above", "drop-below");
  }
}
