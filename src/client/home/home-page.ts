import type { WorkbookEntry } from "../../protocol/index.ts";
import { openMenu } from "../editor/menu.ts";
import { button, element } from "../element.ts";
import { Said } from "../said.ts";
import { addressOf, shelve, workbookList } from "./shelf.ts";
import { TrashView } from "./trash-view.ts";
import { UnsavedView } from "./unsaved-view.ts";
import { askForName, askForNew } from "./workbook-dialogs.ts";

/** The first page: what there is to open, to be made, renamed, copied, deleted and had back. */
export function homePage(): HTMLElement {
  return new Home().element;
}

class Home {
  readonly element: HTMLElement;
  readonly #list = element("div", { class: "home-list", "aria-busy": "true" });
  #problem: HTMLElement | undefined;
  readonly #said = new Said();
  readonly #trash = new TrashView(
    (path) => void this.#fill(path, "is back"),
    (error) => this.#fail(error),
  );
  readonly #unsaved = new UnsavedView(
    (path, done) => void this.#fill(path, done),
    (error) => this.#fail(error),
  );

  constructor() {
    this.element = element(
      "main",
      { class: "home" },
      element(
        "header",
        { class: "home-head" },
        element("h1", {}, "Simile"),
        element("p", {}, "Are these two networks the same?"),
        button("New workbook", () => this.#make(), { class: "primary" }),
      ),
      this.#unsaved.element,
      this.#list,
      this.#trash.element,
      this.#said.element,
    );
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
    void this.#fill();
  }

  /**
   * Shows what there is now.
   *
   * @param path a workbook that something was done with, which has the focus then
   * @param done what that was
   */
  async #fill(path?: string, done?: string): Promise<void> {
    this.#problem?.remove();
    try {
      const { workbooks, truncated } = await workbookList();
      const documents = workbooks.filter(({ document }) => document);
      const others = workbooks.filter(({ document }) => !document);
      this.#list.replaceChildren(
        others.length > 0 ? this.#listOf(others) : emptyNote(),
        ...(documents.length > 0 ? [documentsHead(), this.#listOf(documents)] : []),
      );
      if (truncated) {
        const note = `There are more workbooks; these are the first ${workbooks.length}`;
        this.#list.append(element("p", { class: "home-note" }, note));
      }
    } catch (error) {
      this.#list.replaceChildren(
        element(
          "p",
          { class: "home-note", role: "alert" },
          `Cannot list the workbooks: ${textOf(error)}. Is Simile still running? Start it again and open the address it prints`,
        ),
      );
    }
    this.#list.removeAttribute("aria-busy");
    // Where they cannot be read, there is nothing to restore.
    await this.#unsaved.show().catch(() => undefined);
    await this.#trash.show().catch(() => undefined);
    if (path !== undefined) this.#link(path)?.focus();
    if (done !== undefined) this.#said.say(`${path} ${done}`);
  }

  #listOf(workbooks: readonly WorkbookEntry[]): HTMLElement {
    const items = workbooks.map((entry) => this.#item(entry));
    return element("ul", {}, ...items);
  }

  /** Arrow keys go from workbook to workbook. */
  #onKey(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...this.#list.querySelectorAll<HTMLElement>("li > a")];
    const here = links.indexOf(event.target as HTMLElement);
    if (by === undefined || here < 0 || !links[here + by]) return;
    event.preventDefault();
    links[here + by]!.focus();
  }

  #item({ path, title, summary, error }: WorkbookEntry): HTMLElement {
    const more: HTMLButtonElement = button("⋯", () => this.#openMenu(path, title, more), {
      class: "home-more",
      title: "Rename, duplicate, delete",
      "aria-label": `${title}: what can be done`,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
    });
    const link = element("a", { href: addressOf(path), "data-path": path }, title);
    link.addEventListener("keydown", ({ key }) => {
      if (key === "F2") this.#rename(path);
      if (key === "Delete") void this.#delete(path, title);
    });
    return element(
      "li",
      {},
      link,
      summary !== "" && element("p", {}, summary),
      error !== undefined && element("p", { class: "home-error" }, error),
      element("code", {}, path),
      more,
    );
  }

  #openMenu(path: string, title: string, at: HTMLElement): void {
    const entries = [
      { title: "Rename…", keys: "F2", choose: () => this.#rename(path) },
      { title: "Duplicate", choose: () => void this.#duplicate(path) },
      { title: "Delete", keys: "Del", choose: () => void this.#delete(path, title) },
    ];
    openMenu(at, title, [{ name: "File", entries }]);
  }

  #make(): void {
    askForNew((path) => {
      rememberWriting(path);
      location.assign(addressOf(path));
    });
  }

  #rename(path: string): void {
    askForName(path, (to) => void this.#fill(to, `is the name of ${path} now`));
  }

  async #duplicate(path: string): Promise<void> {
    try {
      const { path: copy } = await shelve("duplicate", { path });
      await this.#fill(copy, `is a copy of ${path}`);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #delete(path: string, title: string): Promise<void> {
    const links = [...this.#list.querySelectorAll<HTMLElement>("li > a")];
    const place = links.findIndex((link) => link.dataset["path"] === path);
    const next = (links[place + 1] ?? links[place - 1])?.dataset["path"];
    try {
      await shelve("delete", { path });
      await this.#fill(next);
      if (next === undefined) this.element.querySelector("button")?.focus();
      this.#said.say(`“${title}” is deleted; it can be restored below`);
    } catch (error) {
      this.#fail(error);
    }
  }

  #link(path: string): HTMLElement | undefined {
    const links = this.#list.querySelectorAll<HTMLElement>("li > a");
    return [...links].find((link) => link.dataset["path"] === path);
  }

  #fail(error: unknown): void {
    this.#problem?.remove();
    this.#problem = element("p", { class: "home-problem", role: "alert" }, textOf(error));
    this.#list.before(this.#problem);
    this.#problem.scrollIntoView({ block: "nearest" });
  }
}

/** A new workbook is opened to be written. */
function rememberWriting(path: string): void {
  try {
    localStorage.setItem(`writing ${path}`, "yes");
  } catch {
    // It is opened to be read.
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function documentsHead(): HTMLElement {
  return element("h2", { class: "home-documents" }, "Markdown without cells");
}

function emptyNote(): HTMLElement {
  return element(
    "p",
    { class: "home-note" },
    "There is no workbook in this folder yet. A workbook is a Markdown file: make one above, or put one here and reload",
  );
}
