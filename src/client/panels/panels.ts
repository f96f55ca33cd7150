import { button, element } from "../element.ts";
import { storedText } from "./stored-text.ts";

/** Something to look at beside the workbook. */
export interface Panel {
  /** What it is stored and called under: a word, as `checkpoints`. */
  readonly name: string;
  readonly title: string;
  /**
   * What it shows, made anew whenever it is opened.
   *
   * @param closed aborts when it is closed, or another one takes its place: the moment to end what it
   * started
   */
  open(closed: AbortSignal): HTMLElement;
  /** Tells how many there are in it whenever that changes, open or not, until the signal aborts. */
  count?(tell: (count: number) => void, until: AbortSignal): void;
}

interface Opened {
  readonly panel: Panel;
  readonly closing: AbortController;
  /** What had the focus before. */
  readonly before: Element | null;
}

const key = "simile panel";

/** Windows in which a panel lies over the cells; the style sheet says the same. */
const overCells = "(max-width: 67.99rem)";

/**
 * The panels beside a workbook: a rail of their names at its right, and the one that is open. In a wide
 * window the cells make room for it, in a narrow one it lies over them. Which one is open is remembered by
 * the browser, and opened again where it covers nothing.
 */
export class Panels {
  /** The rail and the open panel, for the element of class `page`. */
  readonly element: HTMLElement;
  readonly #rail = element("nav", { class: "panel-rail", "aria-label": "Panels" });
  readonly #title = element("h2", { id: "panel-title", tabindex: -1 });
  readonly #body = element("div", { class: "panel-body" });
  readonly #drawer: HTMLElement;
  readonly #panels = new Map<string, { panel: Panel; tab: HTMLButtonElement }>();
  readonly #stored = storedText(key);
  readonly #disposing = new AbortController();
  #opened: Opened | undefined;

  constructor() {
    this.#drawer = element(
      "aside",
      { class: "panel", id: "panel", "aria-labelledby": "panel-title", hidden: true },
      element(
        "header",
        { class: "panel-head" },
        this.#title,
        button("×", () => this.close(), { class: "panel-close", "aria-label": "Close the panel" }),
      ),
      this.#body,
    );
    this.element = element("div", { class: "panels", hidden: true }, this.#rail, this.#drawer);
    this.#drawer.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      // The same key leaves a cell, which is not what is meant here.
      event.stopPropagation();
      this.close();
    });
  }

  /** Name of the panel that is open. */
  get open(): string | undefined {
    return this.#opened?.panel.name;
  }

  /** Adds a panel at the end of the rail; in a wide window the one that was open last is opened, without the focus. */
  add(panel: Panel): void {
    const { name, title } = panel;
    const tab = button(title, () => this.toggle(name), {
      class: "panel-tab",
      "aria-expanded": "false",
      "aria-controls": "panel",
      "data-panel": name,
    });
    this.#panels.set(name, { panel, tab });
    this.#rail.append(tab);
    this.element.hidden = false;
    panel.count?.((count) => {
      const sign = count > 0 && element("span", { class: "panel-count" }, String(count));
      tab.replaceChildren(title, ...(sign ? [" ", sign] : []));
    }, this.#disposing.signal);
    const isRemembered = !this.#opened && this.#stored.load() === name;
    if (isRemembered && !matchMedia(overCells).matches) this.#open(panel);
  }

  /** Opens a panel and takes the focus there, or closes it when it is the one that is open. */
  toggle(name: string): void {
    if (this.open === name) this.close();
    else this.show(name);
  }

  /**
   * Opens a panel and takes the focus there.
   *
   * @throws {RangeError} when there is no such panel
   */
  show(name: string): void {
    const panel = this.#panels.get(name)?.panel;
    if (!panel) throw new RangeError(`Cannot show the panel ${name}: there is none of this name`);
    if (this.open !== name) this.#open(panel);
    this.#stored.store(name);
    this.#title.focus();
  }

  /** Closes what is open; the focus goes back to where it was before. */
  close(): void {
    if (!this.#opened) return;
    const { panel, before } = this.#opened;
    const hadFocus = this.#drawer.contains(document.activeElement);
    this.#leave();
    this.#drawer.hidden = true;
    this.element.classList.remove("is-open");
    this.#stored.store("");
    if (!hadFocus) return;
    const back = before?.isConnected && before !== document.body ? before : undefined;
    ((back ?? this.#panels.get(panel.name)!.tab) as HTMLElement).focus();
  }

  /** Ends what the open panel does; which one it is stays remembered. */
  dispose(): void {
    this.#disposing.abort();
    this.#leave();
  }

  #open(panel: Panel): void {
    const before = this.#drawer.contains(document.activeElement)
      ? (this.#opened?.before ?? null)
      : document.activeElement;
    this.#leave();
    const closing = new AbortController();
    this.#opened = { panel, closing, before };
    this.#title.textContent = panel.title;
    this.#body.replaceChildren(panel.open(closing.signal));
    this.#panels.get(panel.name)?.tab.setAttribute("aria-expanded", "true");
    this.#drawer.hidden = false;
    this.element.classList.add("is-open");
  }

  #leave(): void {
    if (!this.#opened) return;
    const { panel, closing } = this.#opened;
    this.#opened = undefined;
    closing.abort(new Error(`The panel ${panel.name} is closed`));
    this.#panels.get(panel.name)?.tab.setAttribute("aria-expanded", "false");
    this.#body.replaceChildren();
  }
}
