import type { Edit, EditedCell, EditedWorkbook, KeptText, Operation } from "../protocol/index.ts";
import { changedText } from "./text.ts";

/** An edit that does not fit the document it was to be applied to. */
export class EditError extends Error {
  override readonly name = "EditError";

  constructor(problem: string) {
    super(`Cannot edit: ${problem}`);
  }
}

/**
 * The document after an edit. Nothing of the one before is changed, and cells that the edit does not
 * concern are the same objects.
 *
 * @throws {EditError} when a step does not fit; nothing is applied then
 */
export function apply(
  workbook: EditedWorkbook,
  { operations }: Pick<Edit, "operations">,
): EditedWorkbook {
  return operations.reduce(applyOperation, workbook);
}

/** @throws {EditError} when the operation does not fit */
export function applyOperation(workbook: EditedWorkbook, operation: Operation): EditedWorkbook {
  const { cells } = workbook;
  switch (operation.type) {
    case "text":
      return replaceCell(workbook, operation.cell, (cell) => {
        try {
          return { ...cell, source: changedText(cell.source, operation.changes) };
        } catch (error) {
          throw new EditError(`the changes do not fit #${cell.id} (${(error as Error).message})`);
        }
      });
    case "insert": {
      const { cell, after } = operation;
      if (cells.some(({ id }) => id === cell.id)) {
        throw new EditError(`expected an id that no cell has, found #${cell.id}`);
      }
      return { ...workbook, cells: cells.toSpliced(indexAfter(workbook, after), 0, cell) };
    }
    case "delete":
      return { ...workbook, cells: cells.toSpliced(indexOf(workbook, operation.cell), 1) };
    case "move": {
      const from = indexOf(workbook, operation.cell);
      if (operation.after === operation.cell) {
        throw new EditError(`#${operation.cell} cannot stand after itself`);
      }
      const rest = { ...workbook, cells: cells.toSpliced(from, 1) };
      const at = indexAfter(rest, operation.after);
      return { ...workbook, cells: rest.cells.toSpliced(at, 0, cells[from]!) };
    }
    case "set": {
      const { kind, attributes } = operation;
      return replaceCell(workbook, operation.cell, (cell) => ({
        ...cell,
        ...(kind && { kind }),
        ...(attributes && { attributes: changedEntries(cell.attributes, attributes) }),
      }));
    }
    case "matter": {
      const { key, value } = operation;
      return { ...workbook, matter: changedEntries(workbook.matter, { [key]: value }) };
    }
    case "kept":
      return applyKept(workbook, operation);
  }
}

/** Place of a cell. */
export function indexOf({ cells }: EditedWorkbook, id: string): number {
  const index = cells.findIndex((cell) => cell.id === id);
  if (index < 0) throw new EditError(`there is no cell #${id}`);
  return index;
}

/** The id of the cell before the one at `index`, null at the top. */
export function idBefore({ cells }: EditedWorkbook, index: number): string | null {
  return cells[index - 1]?.id ?? null;
}

export function cellOf(workbook: EditedWorkbook, id: string): EditedCell {
  return workbook.cells[indexOf(workbook, id)]!;
}

function indexAfter(workbook: EditedWorkbook, after: string | null): number {
  return after === null ? 0 : indexOf(workbook, after) + 1;
}

function replaceCell(
  workbook: EditedWorkbook,
  id: string,
  change: (cell: EditedCell) => EditedCell,
): EditedWorkbook {
  const index = indexOf(workbook, id);
  return { ...workbook, cells: workbook.cells.with(index, change(workbook.cells[index]!)) };
}

/** Entries with some of them changed; null takes one away. */
function changedEntries<Value>(
  entries: Readonly<Record<string, Value>>,
  changes: Readonly<Record<string, Value | null>>,
): Readonly<Record<string, Value>> {
  const all = Object.entries<Value | null>({ ...entries, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, Value] => entry[1] !== null));
}

function applyKept(
  workbook: EditedWorkbook,
  { cell, kept }: Extract<Operation, { type: "kept" }>,
): EditedWorkbook {
  if (cell === null) {
    return kept && "front" in kept ? { ...workbook, kept } : workbook;
  }
  return replaceCell(workbook, cell, ({ kept: _, ...rest }) =>
    kept && "open" in kept ? { ...rest, kept: kept as KeptText } : rest,
  );
}
