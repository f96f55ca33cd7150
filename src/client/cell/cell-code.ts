import { button, element } from "../element.ts";

/** The code of a cell on the page: folded or not, its source or the editor that it is written in. */
export class CellCode {
  /** The source as it is read. */
  readonly source: HTMLElement;
  /** Holds the editor. */
  readonly place: HTMLElement = element("div", { class: "writing", hidden: true });
  /** Folds and unfolds. */
  readonly button: HTMLButtonElement;
  #isFolded = true;

  constructor(cell: string) {
    const id = `code-${cell}`;
    this.source = element("pre", { class: "code", id, hidden: true, tabindex: 0 });
    this.button = button("code", () => this.fold(!this.#isFolded), {
      class: "fold",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-label": `code of ${cell}`,
    });
  }

  get isFolded(): boolean {
    return this.#isFolded;
  }

  /** @param html the source, escaped and highlighted */
  read(html: string): void {
    const code = element("code");
    code.innerHTML = html;
    this.source.replaceChildren(code);
  }

  /** Shows an editor in place of the source, or the source again. */
  write(editor: HTMLElement | undefined): void {
    // An editor that is there already keeps its focus and its scroll.
    if (!editor || editor.parentNode !== this.place) {
      this.place.replaceChildren(...(editor ? [editor] : []));
    }
    this.fold(editor ? false : this.#isFolded);
  }

  /** Folds or unfolds; marks a line of the source. */
  fold(isFolded: boolean, line?: number): void {
    const isWriting = this.place.childElementCount > 0;
    this.#isFolded = isFolded;
    this.place.hidden = isFolded || !isWriting;
    this.source.hidden = isFolded || isWriting;
    this.button.setAttribute("aria-expanded", String(!isFolded));
    this.source.querySelector(".marked-line")?.remove();
    if (line !== undefined) {
      this.source.append(element("span", { class: "marked-line", style: `--line:${line - 1}` }));
    }
  }
}
