import { expect, test } from "vitest";
import { joining } from "../../../src/client/document/joining.ts";
import { apply } from "../../../src/editing/index.ts";
import type { EditedWorkbook } from "../../../src/protocol/index.ts";
import { workbookWith } from "../../support/edited-workbooks.ts";

const base = workbookWith("one", "two", "three");

/** What becomes of a document that the server has when what was done in a page comes in. */
function joined(content: EditedWorkbook, mine: EditedWorkbook): string[] {
  const operations = joining(base, content, mine);
  return apply(content, { operations }).cells.map(({ source }) => source);
}

const without = (workbook: EditedWorkbook, id: string) => ({
  ...workbook,
  cells: workbook.cells.filter((cell) => cell.id !== id),
});

test("what only one side did is done", () => {
  expect(joined(workbookWith("one", "2", "three"), workbookWith("1", "two", "three"))).toEqual([
    "1",
    "2",
    "three",
  ]);
});

test("of cells that both wrote, this page's text stands below the other, each below its own", () => {
  expect(joined(workbookWith("a", "two", "c"), workbookWith("1", "two", "3"))).toEqual([
    "a",
    "1",
    "two",
    "c",
    "3",
  ]);
});

test("of cells that are gone there, this page's texts are at the end, in order", () => {
  const gone = without(without(base, "a"), "b");
  expect(joined(gone, workbookWith("1", "2", "three"))).toEqual(["three", "1", "2"]);
  expect(joined({ ...base, cells: [] }, workbookWith("1", "two", "three"))).toEqual(["1"]);
});

test("a cell that is gone here and was written there stays as it is there", () => {
  expect(joined(workbookWith("a", "two", "three"), without(base, "a"))).toEqual([
    "a",
    "two",
    "three",
  ]);
});
