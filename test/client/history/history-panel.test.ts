// @vitest-environment happy-dom
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { DocumentModel } from "../../../src/client/document/index.ts";
import { historyPanel, keptVersions } from "../../../src/client/history/index.ts";
import {
  causeText,
  cellsText,
  isReordered,
  timeText,
} from "../../../src/client/history/version-text.ts";
import type { EditedWorkbook, HistoryEntry, HistoryVersion } from "../../../src/protocol/index.ts";
import { orderOf, workbookWith } from "../../support/edited-workbooks.ts";

beforeEach(() => document.body.replaceChildren());

const now = workbookWith("one!", "two", "new");
const then: EditedWorkbook = {
  ...workbookWith("one", "two"),
  cells: [...workbookWith("one", "two").cells, { ...workbookWith("gone").cells[0]!, id: "x" }],
};
const entries: readonly HistoryEntry[] = [
  { version: "v2", time: 2_000, bytes: 20, cause: "saved" },
  { version: "v1", time: 1_000, bytes: 10, cause: "opened" },
];
const older: HistoryVersion = {
  ...entries[1]!,
  text: "",
  content: then,
  differences: [
    { cell: "a", was: "one", now: "one!" },
    { cell: "x", was: "gone", now: null },
    { cell: "c", was: null, now: "new" },
  ],
};

async function opened() {
  const model = new DocumentModel({ send: () => {} });
  model.hear({ type: "document", content: now, epoch: "e", revision: 0 });
  const said: string[] = [];
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  const list = vi.fn(async () => entries);
  const panel = historyPanel({
    model,
    versions: {
      list,
      version: async (name) =>
        name === "v1" ? older : { ...entries[0]!, text: "", content: now, differences: [] },
    },
    say: (text) => said.push(text),
  });
  document.body.append(panel.open(closing.signal));
  const find = (text: string) =>
    [...document.querySelectorAll("button")].find(
      (button) => button.textContent?.includes(text) || button.getAttribute("aria-label") === text,
    );
  await expect.poll(() => find("3 cells differ")).toBeDefined();
  const dialog = async () => {
    find("3 cells differ")!.click();
    await expect.poll(() => document.querySelector("dialog")).not.toBeNull();
    return document.querySelector("dialog")!;
  };
  return { model, said, list, find, dialog };
}

test("versions are told with their time, their cause and the cells that differ", async () => {
  await opened();
  const texts = [...document.querySelectorAll(".history li")].map(({ textContent }) => textContent);
  expect(texts[0]).toContain("saved here");
  expect(texts[0]).toContain("the cells are as they are now");
  expect(texts[1]).toContain("as it was opened3 cells differ: a, x, c");
});

test("a save is a version more", async () => {
  const { model, list } = await opened();
  model.hear({ type: "save", save: { state: "saved", revision: 1, time: 5 } });
  await expect.poll(() => list.mock.calls.length).toBe(2);
});

describe("a version", () => {
  test("is shown cell by cell, with a sign where lines differ", async () => {
    const shown = await (await opened()).dialog();
    const sections = [...shown.querySelectorAll("section")].map(
      (section) => section.querySelector("h3")!.textContent,
    );
    expect(sections).toEqual(["a differs", "x is not there any more", "c is new since"]);
    const signs = [...shown.querySelectorAll(".difference-sign")].map((cell) => cell.textContent);
    expect(signs).toEqual(expect.arrayContaining(["−", "+"]));
  });

  test("is restored as one edit that can be taken back", async () => {
    const { model, said, find, dialog } = await opened();
    await dialog();
    find("Restore this version")!.click();
    expect(orderOf(model.content)).toBe("abx");
    expect(model.cell("a")!.source).toBe("one");
    expect(said.at(-1)).toContain("Ctrl+Z takes that back");
    model.undo();
    expect(model.content.cells).toEqual(now.cells);
  });

  test.for([
    ["Restore this cell: a", "abc", "one"],
    ["Bring it back: x", "abxc", "one!"],
    ["Take it away again: c", "ab", "one!"],
  ] as const)("one cell of it: %s", async ([label, order, first]) => {
    const { model, find, dialog } = await opened();
    await dialog();
    find(label)!.click();
    expect(orderOf(model.content)).toBe(order);
    expect(model.cell("a")!.source).toBe(first);
    model.undo();
    expect(model.content.cells).toEqual(now.cells);
  });
});

test("what the server refuses is said in its words", async () => {
  vi.stubGlobal("fetch", async () => Response.json({ error: "Cannot show it" }, { status: 409 }));
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  await expect(keptVersions(() => "a b.md").list()).rejects.toThrow("Cannot show it");
});

test("times, causes and cells are told in words", () => {
  const noon = new Date(2026, 4, 3, 12, 0, 0).getTime();
  expect(timeText(noon, noon + 3_600_000)).not.toContain(",");
  expect(timeText(noon - 86_400_000, noon)).toContain("2");
  expect(timeText(noon - 400 * 86_400_000, noon)).toContain("2025");
  expect(causeText({ ...entries[0]!, cause: "disk" })).toBe("written by another program");
  expect(cellsText(["a"])).toBe("1 cell differs: a");
  expect(cellsText(["a", "b", "c", "d"])).toBe("4 cells differ: a, b, c and 1 more");
});

test("a version whose cells stand in another order is not told to be as it is now", () => {
  const cells = workbookWith("one", "two", "three").cells;
  const [first, ...rest] = cells as [(typeof cells)[0], ...typeof cells];
  const book = workbookWith("one", "two", "three");
  expect(isReordered(book, { ...book, cells: [...rest, first] })).toBe(true);
  expect(isReordered(book, { ...book, cells: rest })).toBe(false);
  expect(cellsText([], true)).toBe("the cells are in another order");
});
