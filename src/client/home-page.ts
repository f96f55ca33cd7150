import type { WorkbookEntry, WorkbookList } from "../protocol/index.ts";
import { element } from "./element.ts";

/** The first page: what there is to open. */
export function homePage(): HTMLElement {
  const list = element("div", { class: "home-list", "aria-busy": "true" });
  const page = element(
    "main",
    { class: "home" },
    element(
      "header",
      { class: "home-head" },
      element("h1", {}, "Simile"),
      element("p", {}, "Are these two networks the same?"),
    ),
    list,
  );
  void fill(list);
  return page;
}

async function fill(list: HTMLElement): Promise<void> {
  try {
    const response = await fetch("/api/workbooks");
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const { workbooks, truncated } = (await response.json()) as WorkbookList;
    list.replaceChildren(workbooks.length > 0 ? listOf(workbooks) : emptyNote());
    if (truncated) {
      const note = `There are more workbooks; these are the first ${workbooks.length}`;
      list.append(element("p", { class: "home-note" }, note));
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    list.replaceChildren(
      element(
        "p",
        { class: "home-note", role: "alert" },
        `Cannot list the workbooks: ${why}. Is Simile still running? Start it again and open the address it prints`,
      ),
    );
  }
  list.removeAttribute("aria-busy");
}

function listOf(workbooks: readonly WorkbookEntry[]): HTMLElement {
  const items = workbooks.map(({ path, title, summary, error }) =>
    element(
      "li",
      {},
      element("a", { href: `/w/${path.split("/").map(encodeURIComponent).join("/")}` }, title),
      summary !== "" && element("p", {}, summary),
      error !== undefined && element("p", { class: "home-error" }, error),
      element("code", {}, path),
    ),
  );
  return element("ul", {}, ...items);
}

function emptyNote(): HTMLElement {
  return element(
    "p",
    { class: "home-note" },
    "There is no workbook in this folder yet. A workbook is a Markdown file: put one here and reload",
  );
}
