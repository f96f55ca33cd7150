import { element } from "./element.ts";

type Level = "log" | "info" | "warn" | "error" | "debug";

const mostLines = 300;
const mostCharacters = 4_000;

/** What a cell's newest run wrote, capped: the first lines go first. */
export class LogView {
  readonly element: HTMLElement;
  readonly #lines: HTMLElement = element("div", { class: "log-lines", tabindex: 0, role: "log" });
  readonly #dropped: HTMLElement = element("p", { class: "log-dropped", hidden: true });
  #count = 0;

  constructor(label: string) {
    this.#lines.setAttribute("aria-label", label);
    this.element = element("div", { class: "log", hidden: true }, this.#dropped, this.#lines);
  }

  add(level: Level, text: string): void {
    const isAtEnd =
      this.#lines.scrollTop + this.#lines.clientHeight >= this.#lines.scrollHeight - 4;
    const shown =
      text.length > mostCharacters
        ? `${text.slice(0, mostCharacters)} … (${text.length} characters)`
        : text;
    const mark = level === "warn" || level === "error" ? `${level}: ` : "";
    this.#lines.append(element("p", { "data-level": level }, `${mark}${shown.replace(/\n$/, "")}`));
    this.#count++;
    if (this.#lines.childElementCount > mostLines) {
      this.#lines.firstElementChild?.remove();
      this.#dropped.textContent = `${this.#count - mostLines} earlier lines are not shown`;
      this.#dropped.hidden = false;
    }
    this.element.hidden = false;
    if (isAtEnd) this.#lines.scrollTop = this.#lines.scrollHeight;
  }

  clear(): void {
    this.#lines.replaceChildren();
    this.#dropped.hidden = true;
    this.element.hidden = true;
    this.#count = 0;
  }
}
