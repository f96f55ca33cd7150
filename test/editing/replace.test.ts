import { expect, test } from "vitest";
import { apply, EditError, replaceInCells } from "../../src/editing/index.ts";
import type { EditedWorkbook } from "../../src/protocol/index.ts";

const workbook: EditedWorkbook = {
  cells: [
    { id: "a", kind: "kernel", source: "const x = 1;\nx + x", attributes: {} },
    { id: "b", kind: "browser", source: "x * 2", attributes: {} },
  ],
  matter: {},
  kept: { front: "", tail: "" },
};

test("all replacements hold at once, each in the text as it was", () => {
  const operations = replaceInCells(workbook, [
    { cell: "a", from: 17, to: 18, text: "width" },
    { cell: "b", from: 0, to: 1, text: "width" },
    { cell: "a", from: 6, to: 7, text: "width" },
    { cell: "a", from: 13, to: 14, text: "wi\ndth" },
  ]);
  expect(apply(workbook, { operations }).cells.map(({ source }) => source)).toEqual([
    "const width = 1;\nwi\ndth + width",
    "width * 2",
  ]);
});

test("replacements that fit no cell are refused", () => {
  const edit = { from: 0, to: 1, text: "" };
  expect(() => replaceInCells(workbook, [{ cell: "c", ...edit }])).toThrow(EditError);
  expect(() => replaceInCells(workbook, [{ cell: "b", ...edit, to: 99 }])).toThrow(RangeError);
});
