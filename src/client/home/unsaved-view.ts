import type { UnsavedList } from "../../protocol/index.ts";
import { button, element } from "../element.ts";
import { addressOf, shelve, unsavedList } from "./shelf.ts";

type Entry = UnsavedList["unsaved"][number];

/** What was edited and is in no file, each with a way to have it or to do without it. */
export class UnsavedView {
  readonly element: HTMLElement = element("section", {
    class: "home-unsaved",
    hidden: true,
    "aria-label": "Not saved",
  });
  readonly #done: (path: string, what: string) => void;
  readonly #failed: (error: unknown) => void;

  /** @param done something was done with what was unsaved of a path */
  constructor(done: (path: string, what: string) => void, failed: (error: unknown) => void) {
    this.#done = done;
    this.#failed = failed;
  }

  /** Shows what is in no file now. */
  async show(): Promise<void> {
    const unsaved = await unsavedList();
    this.element.hidden = unsaved.length === 0;
    this.element.replaceChildren(
      element("h2", {}, "Not saved"),
      element("ul", {}, ...unsaved.map((entry) => this.#item(entry))),
    );
  }

  #item({ journal, path, edits, time, opens }: Entry): HTMLElement {
    const count = `${edits} ${edits === 1 ? "edit" : "edits"}`;
    const when = new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
    const about = opens
      ? `${count} until ${when}: not in the file when Simile was ended, and there again when you open it.`
      : `${count} until ${when}: not in the file, which is another one now, or gone.`;
    const ways = opens
      ? [element("a", { href: addressOf(path) }, "Open")]
      : [
          button("Make a workbook of it", () => void this.#recover(journal), {
            class: "small",
            "aria-label": `Make a workbook of it: ${path}`,
          }),
          button("Delete", () => void this.#discard(journal, path), {
            class: "small",
            "aria-label": `Delete what is not saved: ${path}`,
          }),
        ];
    return element("li", {}, element("p", {}, element("code", {}, path), ` ${about}`), ...ways);
  }

  async #recover(journal: string): Promise<void> {
    try {
      this.#done((await shelve("recover", { journal })).path, "is back");
    } catch (error) {
      this.#failed(error);
    }
  }

  async #discard(journal: string, path: string): Promise<void> {
    try {
      await shelve("discard", { journal });
      this.#done(path, "is in the trash, as it was not saved");
    } catch (error) {
      this.#failed(error);
    }
  }
}
