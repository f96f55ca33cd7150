import type { EditedCell, EditedWorkbook, Operation } from "../protocol/index.ts";
import { applyOperation, cellOf, idBefore, indexOf } from "./apply.ts";
import { changesBetween, jsonOf } from "./text.ts";

/**
 * Operations that lead from one document to another, cell by cell: a cell with the same id in both is the
 * same cell. What stays in its place is not moved, and of a text only what differs is replaced.
 */
export function difference(before: EditedWorkbook, after: EditedWorkbook): Operation[] {
  const operations: Operation[] = [];
  let workbook = before;
  const add = (operation: Operation) => {
    operations.push(operation);
    workbook = applyOperation(workbook, operation);
  };
  const wanted = new Set(after.cells.map(({ id }) => id));
  for (const { id } of before.cells) if (!wanted.has(id)) add({ type: "delete", cell: id });
  const staying = inOrder(
    workbook.cells.map(({ id }) => id),
    after.cells.map(({ id }) => id),
  );
  for (const [index, cell] of after.cells.entries()) {
    const previous = idBefore(after, index);
    if (!workbook.cells.some(({ id }) => id === cell.id)) {
      add({ type: "insert", after: previous, cell });
      continue;
    }
    const isThere = idBefore(workbook, indexOf(workbook, cell.id)) === previous;
    if (!isThere && !staying.has(cell.id)) add({ type: "move", cell: cell.id, after: previous });
    for (const operation of cellDifference(cellOf(workbook, cell.id), cell)) add(operation);
  }
  for (const key of Object.keys({ ...before.matter, ...after.matter })) {
    const value = after.matter[key];
    if (before.matter[key] !== value) add({ type: "matter", key, value: value ?? null });
  }
  if (!isSame(before.kept, after.kept)) add({ type: "kept", cell: null, kept: after.kept });
  return operations;
}

/** Operations that make one cell another of the same id. */
export function cellDifference(before: EditedCell, after: EditedCell): Operation[] {
  const cell = before.id;
  const operations: Operation[] = [];
  if (before.source !== after.source) {
    const changes = jsonOf(changesBetween(before.source, after.source));
    operations.push({ type: "text", cell, changes });
  }
  const keys = Object.keys({ ...before.attributes, ...after.attributes });
  const changed = keys.filter((key) => before.attributes[key] !== after.attributes[key]);
  if (before.kind !== after.kind || changed.length > 0) {
    operations.push({
      type: "set",
      cell,
      ...(before.kind !== after.kind && { kind: after.kind }),
      ...(changed.length > 0 && {
        attributes: Object.fromEntries(changed.map((key) => [key, after.attributes[key] ?? null])),
      }),
    });
  }
  if (!isSame(before.kept, after.kept)) {
    operations.push({ type: "kept", cell, kept: after.kept ?? null });
  }
  return operations;
}

/** A longest set of ids that stand in the same order in both: an increasing subsequence of places. */
function inOrder(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const places = new Map(after.map((id, index) => [id, index]));
  const ends: string[] = [];
  const predecessor = new Map<string, string | undefined>();
  const placeOf = (id: string) => places.get(id)!;
  for (const id of before) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (placeOf(ends[middle]!) < placeOf(id)) low = middle + 1;
      else high = middle;
    }
    predecessor.set(id, ends[low - 1]);
    ends[low] = id;
  }
  const staying = new Set<string>();
  for (let id = ends.at(-1); id !== undefined; id = predecessor.get(id)) staying.add(id);
  return staying;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
