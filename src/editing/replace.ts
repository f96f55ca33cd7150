import { ChangeSet } from "@codemirror/state";
import type { CellEdit, EditedWorkbook, Operation } from "../protocol/index.ts";
import { cellOf } from "./apply.ts";
import { jsonOf, textOf } from "./text.ts";

/**
 * Replacements in the texts of any cells, as operations of one edit. All ranges are those of the
 * document as it is, and none of a cell overlaps another.
 *
 * @throws {EditError} when a cell is not in the document
 * @throws {RangeError} when a range is not in its cell's text
 */
export function replaceInCells(
  workbook: EditedWorkbook,
  replacements: readonly CellEdit[],
): readonly Operation[] {
  const cells = [...new Set(replacements.map(({ cell }) => cell))];
  return cells.map((cell): Operation => {
    const changes = replacements
      .filter((one) => one.cell === cell)
      .map(({ from, to, text }) => ({ from, to, insert: textOf(text) }));
    const set = ChangeSet.of(changes, cellOf(workbook, cell).source.length);
    return { type: "text", cell, changes: jsonOf(set) };
  });
}
