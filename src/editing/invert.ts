import type { Edit, EditedWorkbook, Operation } from "../protocol/index.ts";
import { applyOperation, cellOf, idBefore, indexOf } from "./apply.ts";
import { changeSetOf, jsonOf, textOf } from "./text.ts";

/**
 * What takes an edit back: `apply(apply(before, edit), {operations: invert(edit, before)})` is `before`,
 * to the byte of the file.
 *
 * @param before the document that the edit is applied to
 * @throws {EditError} when the edit does not fit it
 */
export function invert(
  { operations }: Pick<Edit, "operations">,
  before: EditedWorkbook,
): Operation[] {
  const inverse: Operation[] = [];
  let workbook = before;
  for (const operation of operations) {
    inverse.push(invertOperation(operation, workbook));
    workbook = applyOperation(workbook, operation);
  }
  return inverse.reverse();
}

function invertOperation(operation: Operation, before: EditedWorkbook): Operation {
  switch (operation.type) {
    case "text": {
      const { type, cell, changes } = operation;
      const source = textOf(cellOf(before, cell).source);
      return { type, cell, changes: jsonOf(changeSetOf(changes).invert(source)) };
    }
    case "insert":
      return { type: "delete", cell: operation.cell.id };
    case "delete": {
      const index = indexOf(before, operation.cell);
      return { type: "insert", after: idBefore(before, index), cell: before.cells[index]! };
    }
    case "move": {
      const { type, cell } = operation;
      return { type, cell, after: idBefore(before, indexOf(before, cell)) };
    }
    case "set": {
      const { type, cell, kind, attributes } = operation;
      const old = cellOf(before, cell);
      return {
        type,
        cell,
        ...(kind && { kind: old.kind }),
        ...(attributes && { attributes: entriesBefore(old.attributes, attributes) }),
      };
    }
    case "matter": {
      const { type, key } = operation;
      return { type, key, value: before.matter[key] ?? null };
    }
    case "kept": {
      const { type, cell } = operation;
      return {
        type,
        cell,
        kept: cell === null ? before.kept : (cellOf(before, cell).kept ?? null),
      };
    }
  }
}

function entriesBefore<Value>(
  entries: Readonly<Record<string, Value>>,
  changes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Value | null>> {
  return Object.fromEntries(Object.keys(changes).map((key) => [key, entries[key] ?? null]));
}
