import type { EditedWorkbook, Operation } from "../protocol/index.ts";
import { applyOperation, cellOf, idBefore, indexOf } from "./apply.ts";
import { changedText, changeSetOf, changesBetween, inserts, jsonOf } from "./text.ts";

type Of<Type extends Operation["type"]> = Extract<Operation, { type: Type }>;

/** Two operations made on one document, each as it is to be applied after the other; undefined: not at all. */
type Crossed = readonly [later: Operation | undefined, earlier: Operation | undefined];

/** Two lists of operations made on one document, each as it is to be applied after the other. */
export interface Mapped {
  readonly later: readonly Operation[];
  readonly earlier: readonly Operation[];
}

/**
 * Maps what was done at the same time over each other. `earlier` has been accepted, `later` comes after
 * it: where both want the same thing, the later one has it. Letters typed into a cell that the earlier
 * deleted bring the cell back; nothing that was typed is lost.
 *
 * @param workbook the document that both were made on
 */
export function mapOver(
  later: readonly Operation[],
  earlier: readonly Operation[],
  workbook: EditedWorkbook,
): Mapped {
  let [rows, base] = [later, workbook];
  const mappedEarlier: Operation[] = [];
  for (const accepted of earlier) {
    const mapped: Operation[] = [];
    let crossing: Operation | undefined = accepted;
    let state = base;
    for (const operation of rows) {
      const [over, under]: Crossed = crossing
        ? cross(operation, crossing, state)
        : [operation, undefined];
      if (over) mapped.push(over);
      crossing = under;
      state = applyOperation(state, operation);
    }
    if (crossing) mappedEarlier.push(crossing);
    base = applyOperation(base, accepted);
    rows = mapped;
  }
  return { later: rows, earlier: mappedEarlier };
}

function cross(later: Operation, earlier: Operation, workbook: EditedWorkbook): Crossed {
  if (later.type === "matter" || earlier.type === "matter") return crossMatter(later, earlier);
  if (earlier.type === "delete") return crossDeleted(later, earlier, workbook);
  if (later.type === "delete") {
    if (concerns(earlier, later.cell)) return [later, undefined];
    return [later, withoutNeighbour(earlier, later.cell, workbook)];
  }
  const [mine, theirs] = [subjectOf(later), subjectOf(earlier)];
  if (mine === theirs && mine !== null) return crossSame(later, earlier);
  return [later, behind(earlier, later)];
}

/** Both concern one cell that stays. */
function crossSame(later: Operation, earlier: Operation): Crossed {
  if (later.type === "text" && earlier.type === "text") {
    const [a, b] = [changeSetOf(later.changes), changeSetOf(earlier.changes)];
    return [
      { ...later, changes: jsonOf(a.map(b)) },
      { ...earlier, changes: jsonOf(b.map(a, true)) },
    ];
  }
  if (later.type === "insert" && earlier.type === "insert") {
    // One cell, brought back twice: it has the text of the later one.
    const changes = changesBetween(earlier.cell.source, later.cell.source);
    const { id } = later.cell;
    return [
      changes.empty ? undefined : { type: "text", cell: id, changes: jsonOf(changes) },
      undefined,
    ];
  }
  if (later.type === "set" && earlier.type === "set")
    return [later, withoutOverridden(earlier, later)];
  if (later.type === earlier.type) return [later, undefined];
  return [later, earlier];
}

function crossDeleted(later: Operation, earlier: Of<"delete">, workbook: EditedWorkbook): Crossed {
  if (!concerns(later, earlier.cell)) {
    return [withoutNeighbour(later, earlier.cell, workbook), earlier];
  }
  if (later.type === "delete") return [undefined, undefined];
  if (later.type !== "text" || !inserts(later.changes)) return [undefined, earlier];
  const cell = cellOf(workbook, earlier.cell);
  const after = idBefore(workbook, indexOf(workbook, cell.id));
  const source = changedText(cell.source, later.changes);
  return [{ type: "insert", after, cell: { ...cell, source } }, undefined];
}

function crossMatter(later: Operation, earlier: Operation): Crossed {
  const isSame = later.type === "matter" && earlier.type === "matter" && later.key === earlier.key;
  return [later, isSame ? undefined : earlier];
}

/** The cell that an operation is about; null when it is about the whole. */
function subjectOf(operation: Operation): string | null {
  if (operation.type === "matter") return null;
  return operation.type === "insert" ? operation.cell.id : operation.cell;
}

/** Whether an operation is about a cell that is there already. */
function concerns(operation: Operation, id: string): boolean {
  return operation.type !== "insert" && operation.type !== "matter" && operation.cell === id;
}

/** A place named by a cell that is deleted is named by the one before it. */
function withoutNeighbour(operation: Operation, gone: string, workbook: EditedWorkbook): Operation {
  if ((operation.type !== "insert" && operation.type !== "move") || operation.after !== gone) {
    return operation;
  }
  let before = indexOf(workbook, gone) - 1;
  if (operation.type === "move" && workbook.cells[before]?.id === operation.cell) before--;
  return { ...operation, after: workbook.cells[before]?.id ?? null };
}

/** Two cells put in one place: the later one stands first, and the earlier one behind it. */
function behind(earlier: Operation, later: Operation): Operation {
  const placed = (operation: Operation): operation is Of<"insert" | "move"> =>
    operation.type === "insert" || operation.type === "move";
  if (!placed(earlier) || !placed(later) || earlier.after !== later.after) return earlier;
  return { ...earlier, after: subjectOf(later) };
}

/** What an earlier setting still says after a later one. */
function withoutOverridden(earlier: Of<"set">, later: Of<"set">): Operation {
  const { kind, attributes = {}, ...rest } = earlier;
  const left = Object.entries(attributes).filter(([key]) => !(key in (later.attributes ?? {})));
  return {
    ...rest,
    ...(kind && !later.kind && { kind }),
    attributes: Object.fromEntries(left),
  };
}
