import { element } from "./element.ts";

/** A prose cell on the page: as it is read, and above that an editor while it is written. */
export class ProsePanel {
  readonly element: HTMLElement;
  readonly #writing = element("div", { class: "writing", hidden: true });
  readonly #text = element("div", { class: "prose-text" });

  constructor(id: string) {
    this.element = element(
      "section",
      { class: "prose", id: `cell-${id}`, "data-kind": "prose", "data-cell": id },
      this.#writing,
      this.#text,
    );
  }

  /** Shows another text. */
  define(html: string): void {
    // Rendered by the server from Markdown, whose own HTML it does not let through.
    this.#text.innerHTML = html;
    this.element.classList.toggle("is-empty", this.#text.textContent?.trim() === "");
  }

  /** What is read comes from the server, as HTML. */
  read(): void {}

  /** Shows an editor above the text, or none. */
  write(editor: HTMLElement | undefined): void {
    if (!editor || editor.parentNode !== this.#writing) {
      this.#writing.replaceChildren(...(editor ? [editor] : []));
    }
    this.#writing.hidden = editor === undefined;
  }
}
