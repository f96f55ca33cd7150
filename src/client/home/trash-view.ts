import { button, element } from "../element.ts";
import { shelve, trashList } from "./shelf.ts";

/** What was deleted, folded, each with a way back. */
export class TrashView {
  readonly element: HTMLDetailsElement = element("details", { class: "home-trash", hidden: true });
  readonly #restored: (path: string) => void;
  readonly #failed: (error: unknown) => void;

  /** @param restored a workbook is where it was, or beside what is there now */
  constructor(restored: (path: string) => void, failed: (error: unknown) => void) {
    this.#restored = restored;
    this.#failed = failed;
  }

  /** Shows what is in the trash now. */
  async show(): Promise<void> {
    const trash = await trashList();
    this.element.hidden = trash.length === 0;
    const items = trash.map(({ trashed, path, title, time }) =>
      element(
        "li",
        {},
        element("span", { class: "trash-title" }, title),
        element("code", {}, path),
        element(
          "time",
          { datetime: new Date(time).toISOString() },
          new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" }),
        ),
        button("Restore", () => void this.#restore(trashed), {
          class: "small",
          "aria-label": `Restore ${title}`,
        }),
      ),
    );
    this.element.replaceChildren(
      element("summary", {}, `Deleted workbooks (${trash.length})`),
      element("ul", {}, ...items),
    );
  }

  async #restore(trashed: string): Promise<void> {
    try {
      this.#restored((await shelve("restore", { trashed })).path);
    } catch (error) {
      this.#failed(error);
    }
  }
}
