import { cellOf, changeSetOf, jsonOf } from "../../editing/index.ts";
import type { Edit, EditedWorkbook, Operation } from "../../protocol/index.ts";
import type { Place, UndoStep } from "./undo-history.ts";

/** Typing not sent yet and more typing in the same cell, as one edit. */
export function joinedTyping(last: Edit, operations: readonly Operation[]): Edit | undefined {
  const [[older, ...rest], [newer]] = [last.operations, operations];
  if (last.label !== "typing" || rest.length > 0) return undefined;
  if (older?.type !== "text" || newer?.type !== "text" || older.cell !== newer.cell)
    return undefined;
  const changes = changeSetOf(older.changes).compose(changeSetOf(newer.changes));
  return { ...last, operations: [{ ...older, changes: jsonOf(changes) }] };
}

/** Where a step did something, for one that says nothing of it. */
export function placeOf({ operations }: UndoStep, content: EditedWorkbook): Place | undefined {
  const last = operations.findLast(({ type }) => type !== "matter" && type !== "delete");
  if (!last || last.type === "matter") return undefined;
  const id = last.type === "insert" ? last.cell.id : last.cell;
  if (id === null || !content.cells.some((cell) => cell.id === id)) return undefined;
  if (last.type !== "text") return { cell: id };
  let end = 0;
  changeSetOf(last.changes).iterChangedRanges((_fromA, _toA, _fromB, toB) => {
    end = toB;
  });
  return { cell: id, anchor: end, head: Math.min(end, cellOf(content, id).source.length) };
}
