import { element } from "../element.ts";

/** What the person is doing with the cells: choosing them, or writing in one. */
export interface Doing {
  readonly writing: string | undefined;
  /** How many cells are chosen. */
  readonly chosen: number;
}

/** A quiet line at the foot of the page: which keys mean what now. */
export class ModeLine {
  readonly element: HTMLElement = element("p", { class: "mode-line", role: "status" });
  #text = "";

  /** @param keys how the keys that lead out of writing and into it, and to all keys, are written */
  show(
    { writing, chosen }: Doing,
    keys: { readonly leave: string; readonly enter: string; readonly help: string },
  ): void {
    const parts =
      writing !== undefined
        ? ["Writing", keys.leave && `${keys.leave} ends it`]
        : [
            chosen > 1 ? `${chosen} cells chosen` : "Choosing cells",
            keys.enter && `${keys.enter} writes`,
            keys.help && `${keys.help} shows keys`,
          ];
    const text = parts.filter((part) => part !== "").join(" · ");
    if (text === this.#text) return;
    this.#text = text;
    this.element.textContent = text;
    this.element.dataset["mode"] = writing === undefined ? "command" : "edit";
  }
}
