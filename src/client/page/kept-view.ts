import { storedText } from "../panels/stored-text.ts";
import { sessionText } from "../session-text.ts";

/** Lower than this, room comes and goes without being noticed; in px. */
const leastHeight = 40;

/** What a cell shows that comes after its source. */
const shownBy: Readonly<Record<string, string>> = { browser: ".output", kernel: ".shown" };

/** The cell at the top of what is read, and where it stands in the window, in px. */
interface Place {
  readonly cell: string;
  readonly top: number;
}

/**
 * What is seen of a workbook, kept through a reload: how high what each cell shows is, so that as long as a value
 * is waited for there is room for it and nothing below moves when it comes; and which part is read.
 */
export class KeptView {
  readonly #list: HTMLElement;
  readonly #path: () => string;
  readonly #heights: Readonly<Record<string, number>>;
  #isRestored = false;

  /**
   * @param list the element whose children are the cells
   * @param path of the workbook; it may be renamed
   */
  constructor(list: HTMLElement, path: () => string) {
    this.#list = list;
    this.#path = path;
    this.#heights = numbersIn(this.#heightsText.load());
    const added = (records: readonly MutationRecord[]) => {
      for (const { addedNodes } of records) {
        for (const cell of addedNodes) this.#makeRoom(cell as HTMLElement);
      }
      // Once the cells know that they wait, and take their room.
      if (!this.#isRestored) requestAnimationFrame(() => this.#restore());
      this.#isRestored = true;
    };
    new MutationObserver(added).observe(list, { childList: true });
  }

  /** The page is about to go. */
  keep(): void {
    // A cell that has shown nothing this time is as high as it was.
    const heights = { ...this.#heights, ...heightsIn(this.#list) };
    this.#heightsText.store(JSON.stringify(heights));
    const place = scrollY > 0 ? placeIn(this.#list) : undefined;
    try {
      if (place) this.#placeText.store(JSON.stringify(place));
      else this.#placeText.remove();
    } catch {
      // A browser that is full, or keeps nothing, begins at the top.
    }
  }

  /** Goes to where the page was read before it was loaded again, or left by a link that is gone back over. */
  #restore(): void {
    const [navigation] = performance.getEntriesByType("navigation");
    const { type } = (navigation ?? {}) as Partial<PerformanceNavigationTiming>;
    const place = placeOf(this.#placeText.load());
    // A link to a cell has gone there.
    if (!place || scrollY > 0 || (type !== "reload" && type !== "back_forward")) return;
    const cell = this.#list.querySelector(`:scope > [data-cell="${CSS.escape(place.cell)}"]`);
    if (cell) scrollBy(0, cell.getBoundingClientRect().top - place.top);
  }

  get #heightsText() {
    return storedText(`heights ${this.#path()}`);
  }

  get #placeText() {
    return sessionText(`place ${this.#path()}`);
  }

  #makeRoom({ dataset, style }: HTMLElement): void {
    const height = this.#heights[dataset["cell"] ?? ""] ?? 0;
    if (height >= leastHeight) style.setProperty("--kept-height", `${height}px`);
  }
}

function heightsIn(list: HTMLElement): Readonly<Record<string, number>> {
  const cells = [...list.querySelectorAll<HTMLElement>(":scope > .cell")];
  const heights = cells.flatMap((cell): [string, number][] => {
    const { cell: id, kind = "" } = cell.dataset;
    const shown = cell.querySelector<HTMLElement>(`:scope > ${shownBy[kind]}`);
    return id !== undefined && shown?.hasChildNodes() ? [[id, shown.offsetHeight]] : [];
  });
  return Object.fromEntries(heights);
}

function placeIn(list: HTMLElement): Place | undefined {
  const cells = [...list.querySelectorAll<HTMLElement>(":scope > [data-cell]")];
  const first = cells.find((cell) => cell.getBoundingClientRect().bottom > 0);
  const cell = first?.dataset["cell"];
  return first && cell !== undefined ? { cell, top: first.getBoundingClientRect().top } : undefined;
}

function placeOf(text: string | null): Place | undefined {
  const { cell, top } = objectIn(text) as { cell?: unknown; top?: unknown };
  return typeof cell === "string" && typeof top === "number" ? { cell, top } : undefined;
}

function numbersIn(text: string | null): Readonly<Record<string, number>> {
  const entries = Object.entries(objectIn(text));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

/** What a text that we have kept says; nothing when it is none of ours. */
function objectIn(text: string | null): object {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}
