import { element } from "../element.ts";

type Level = "log" | "info" | "warn" | "error" | "debug";

/** What a cell has written. */
interface Log {
  readonly level: Level;
  readonly text: string;
  readonly file?: string;
  readonly partial?: true;
}

const mostLines = 300;
const mostCharacters = 4_000;

/** What a cell's newest run wrote, capped: the first lines go first. */
export class LogView {
  readonly element: HTMLElement;
  readonly #lines: HTMLElement = element("div", { class: "log-lines", tabindex: 0, role: "log" });
  readonly #dropped: HTMLElement = element("p", { class: "log-dropped", hidden: true });
  #count = 0;
  /** Level and length of the last line while it goes on. */
  #open: { readonly level: Level; readonly length: number } | undefined;

  constructor(label: string) {
    this.#lines.setAttribute("aria-label", label);
    this.element = element("div", { class: "log", hidden: true }, this.#dropped, this.#lines);
  }

  /**
   * @param text of one line or, from a loop that prints, of thousands; `partial` when the last goes on in
   *   what comes next
   * @param file on the server's machine with all lines, when there is one
   */
  add({ level, text, file, partial }: Log): void {
    const isAtEnd =
      this.#lines.scrollTop + this.#lines.clientHeight >= this.#lines.scrollHeight - 4;
    const lines = (partial ? text : text.replace(/\n$/, "")).split("\n");
    const begun = this.#open?.level === level ? this.#open : undefined;
    const first = begun ? this.#continue(lines.shift()!, begun.length) : 0;
    this.#open = partial && {
      level,
      length: lines.length > 0 ? lines.at(-1)!.length : first,
    };
    this.#count += lines.length;
    const mark = level === "warn" || level === "error" ? `${level}: ` : "";
    const made = lines.slice(-mostLines).map((line, place) => {
      const isMarked = place === 0 && !begun;
      return element("p", { "data-level": level }, `${isMarked ? mark : ""}${shortened(line)}`);
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

  /** Writes on in the last line, which has `length` characters so far; gives how many it has then. */
  #continue(text: string, length: number): number {
    const room = Math.max(0, mostCharacters - length);
    this.#lines.lastElementChild?.append(text.slice(0, room));
    if (text.length > room && room > 0) this.#lines.lastElementChild?.append(" …");
    return length + text.length;
  }

  clear(): void {
    this.#lines.replaceChildren();
    this.#dropped.hidden = true;
    this.element.hidden = true;
    this.#count = 0;
    this.#open = undefined;
  }
}

function shortened(line: string): string {
  return line.length > mostCharacters
    ? `${line.slice(0, mostCharacters)} … (${line.length} characters)`
    : line;
}
