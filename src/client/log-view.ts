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

  /**
   * @param text of one line or, from a loop that prints, of thousands
   * @param file on the server's machine with all lines, when there is one
   */
  add(level: Level, text: string, file?: string): void {
    const isAtEnd =
      this.#lines.scrollTop + this.#lines.clientHeight >= this.#lines.scrollHeight - 4;
    const lines = text.replace(/\n$/, "").split("\n");
    this.#count += lines.length;
    const mark = level === "warn" || level === "error" ? `${level}: ` : "";
    const made = lines.slice(-mostLines).map((line, place) => {
      return element("p", { "data-level": level }, `${place === 0 ? mark : ""}${shortened(line)}`);
    });
    this.#lines.append(...made);
    while (this.#lines.childElementCount > mostLines) this.#lines.firstElementChild?.remove();
    const gone = this.#count - mostLines;
    if (gone > 0) {
      this.#dropped.textContent = `${gone.toLocaleString("en")} earlier lines are not shown${file === undefined ? "" : `; all lines are in ${file}`}`;
    }
    this.#dropped.hidden = gone <= 0;
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

function shortened(line: string): string {
  return line.length > mostCharacters
    ? `${line.slice(0, mostCharacters)} … (${line.length} characters)`
    : line;
}
