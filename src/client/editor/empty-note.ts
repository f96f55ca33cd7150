import type { NewCell } from "../../editing/index.ts";
import { button, element } from "../element.ts";
import { insertKinds } from "./cell-frame.ts";

/** What an {@link EmptyNote} needs of the editor around it. */
export interface EmptyNoteParts {
  /** What the cells stand in. */
  readonly list: HTMLElement;
  insert(kind: NewCell["kind"]): void;
  /** The keys that insert and paste, as they are now; empty when there are none. */
  keys(): { readonly insert: string; readonly paste: string };
}

/** Stands in the place of the cells of a workbook that has none, and is not there otherwise. */
export class EmptyNote {
  readonly #parts: EmptyNoteParts;
  #note: HTMLElement | undefined;

  constructor(parts: EmptyNoteParts) {
    this.#parts = parts;
  }

  show(isEmpty: boolean): void {
    if (!isEmpty) this.#note?.remove();
    if (isEmpty === (this.#note !== undefined)) return;
    this.#note = undefined;
    if (!isEmpty) return;
    const { list, insert, keys } = this.#parts;
    this.#note = emptyNote(insert, keys());
    list.append(this.#note);
  }

  focus(): void {
    this.#note?.querySelector("button")?.focus();
  }
}

/** How to begin. */
function emptyNote(
  insert: (kind: NewCell["kind"]) => void,
  keys: { readonly insert: string; readonly paste: string },
): HTMLElement {
  const words = [
    keys.insert && `${keys.insert} inserts a cell`,
    keys.paste && `${keys.paste} pastes one`,
  ].filter(Boolean);
  return element(
    "div",
    { class: "empty-workbook" },
    element("p", {}, "This workbook is empty. Begin with:"),
    element(
      "p",
      { class: "empty-actions" },
      ...insertKinds.map(([kind, title]) =>
        button(title, () => insert(kind), {
          class: "small",
          "aria-label": `${title.slice(2)} cell`,
        }),
      ),
    ),
    words.length > 0 && element("p", { class: "empty-keys" }, words.join("; ")),
  );
}
