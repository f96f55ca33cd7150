// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { deleteCells, setCells } from "../../../src/editing/index.ts";
import type { CellDefinition } from "../../../src/protocol/index.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";
import { cells, opened, result, workbook } from "../../support/open-page.ts";
import { expression, passes } from "../../support/workbook-graph.ts";

test("an open workbook asks the kernel once it is known how the kernel is", async () => {
  const { sockets, says, requests, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells));
  await passes();
  expect(requests()).toEqual([]);
  says({ type: "kernel", state: "none" });
  await passes();
  expect(requests()).toMatchObject([{ seq: 1, cells: [{ id: "work" }] }]);
  says(result(1, 3));
  await passes();
  expect(find("#cell-counted .output")?.textContent).toBe("1");
  expect(document.title).toBe("A workbook · Simile");
});

test("a workbook that was renamed has its new address, and is opened there after a lost connection", async () => {
  const { sockets, says } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "moved", path: "deep/b c.md" });
  expect(location.pathname).toBe("/w/deep/b%20c.md");
  sockets[0]?.breaks();
  await new Promise((resolve) => setTimeout(resolve, 300));
  sockets[1]?.opens();
  expect(sockets[1]?.sent[0]).toMatchObject({ type: "open", workbook: "deep/b c.md" });
});

test("a workbook that was renamed can be undone in after a reload, and is as wide as it was", () => {
  const { sockets, says, page } = opened();
  sockets[0]?.opens();
  const content = workbookWith("1", "2");
  says(workbook([expression("a", "1"), expression("b", "2")]));
  says({ type: "document", content, epoch: "e", revision: 0 });
  page.model.edit("delete a cell", deleteCells(content, ["b"]).operations);
  page.element.classList.add("is-wide");
  says({ type: "moved", path: "deep/b c.md" });
  page.close();
  const again = opened("deep/b c.md").page;
  expect(again.element.classList.contains("is-wide")).toBe(true);
  expect(again.model.undoLabel).toBe("delete a cell");
  again.model.undo();
  expect(again.model.content.cells.map(({ source }) => source)).toEqual(["1", "2"]);
  expect(opened("a.md").page.model.undoLabel).toBeUndefined();
});

test("what the server says of a cell as it was before it became text changes nothing where it is written", async () => {
  const { sockets, says, page, find } = opened();
  const content = workbookWith("1", "2");
  sockets[0]?.opens();
  says(workbook([expression("a", "1")], { order: ["a"] }), { type: "kernel", state: "none" });
  says({ type: "document", content, epoch: "e", revision: 0 });
  page.model.edit("change the kind", setCells(content, ["b"], { kind: "prose" }).operations);
  const text = find("#cell-b.prose");
  expect(text).not.toBeNull();
  says(workbook([expression("b", "2")], { cause: "edit", order: ["a", "b"] }));
  await passes();
  expect(find("#cell-b")).toBe(text);
  expect(page.element.querySelectorAll("#cell-b")).toHaveLength(1);
  // Once it knows better, the cell is the text that it was read as.
  const html = "<p>two</p>";
  const prose = { id: "b", version: "2", kind: "prose", source: "2", html, line: 1, run: "live" };
  says(workbook([prose as CellDefinition], { cause: "edit", order: ["a", "b"] }));
  await passes();
  expect(find("#cell-b")).toBe(text);
  expect(find("#cell-b .prose-text")?.innerHTML).toBe(html);
});

test("after a lost connection nothing that stayed the same is evaluated again", async () => {
  const { sockets, says, requests, find } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "none" });
  await passes();
  says(result(1, 3));
  await passes();
  sockets[0]?.breaks();
  expect(find(".chip[data-state=lost]")?.textContent).toBe("offline");
  await new Promise((resolve) => setTimeout(resolve, 300));
  sockets[1]?.opens();
  says(workbook(cells), { type: "kernel", state: "ready" });
  await passes();
  expect(requests()).toHaveLength(1);
  expect(find("#cell-counted .output")?.textContent).toBe("1");
});

test("what was waited for when the connection was lost is asked for again", async () => {
  const { sockets, says, requests } = opened();
  sockets[0]?.opens();
  says(workbook(cells), { type: "kernel", state: "none" });
  await passes();
  sockets[0]?.breaks();
  await new Promise((resolve) => setTimeout(resolve, 300));
  sockets[1]?.opens();
  says(workbook(cells), { type: "kernel", state: "ready" });
  await passes();
  expect(requests()).toMatchObject([{ seq: 1 }, { seq: 2, cells: [{ id: "work" }] }]);
});

test("trouble with the file, a refusal and output of nobody are told above, and can be put away", () => {
  const { sockets, says, page } = opened();
  sockets[0]?.opens();
  says({ type: "file", problem: "Cannot open a.md: there is no such file" });
  says({ type: "refused", message: "Cannot run: busy" });
  says({ type: "uncaught", error: { name: "Error", message: "late" } });
  const texts = () => [...page.element.querySelectorAll(".banner p")].map((p) => p.textContent);
  expect(texts()).toEqual([
    "Cannot open a.md: there is no such file",
    "Cannot run: busy",
    "The kernel says: Error: late",
  ]);
  says({ type: "file" });
  for (const put of page.element.querySelectorAll<HTMLElement>(".banner button")) put.click();
  expect(texts()).toEqual([]);
});

test("what is doubtful in the file is told with its line, until it is mended", () => {
  const { sockets, says, find } = opened();
  sockets[0]?.opens();
  const diagnostics = [{ line: 7, message: "This cell's fence is never closed" }];
  says(workbook(cells, { diagnostics }));
  expect(find(".banner p")?.textContent).toBe(
    "Line 7 of the file: This cell's fence is never closed",
  );
  says(workbook([], { cause: "disk", order: cells.map(({ id }) => id), diagnostics: [] }));
  expect(find(".banner")).toBeNull();
});

test("a server that does not answer is said not to, with a way to try at once", async () => {
  const { sockets, find } = opened();
  sockets[0]?.breaks();
  await new Promise((resolve) => setTimeout(resolve, 300));
  sockets[1]?.breaks();
  expect(find(".banner p")?.textContent).toContain("Simile does not answer");
  find(".banner button")?.click();
  expect(sockets).toHaveLength(3);
  sockets[2]?.opens();
  expect(find(".banner")).toBeNull();
});
