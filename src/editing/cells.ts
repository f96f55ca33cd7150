import type { EditedCell, EditedWorkbook, Operation } from "../protocol/index.ts";
import { cellOf, EditError, idBefore, indexOf } from "./apply.ts";
import { newCellId } from "./new-id.ts";
import { changesBetween, jsonOf } from "./text.ts";

/*
 * What a person does with cells, as operations of one edit. Each is made on the document as it is and
 * throws EditError when a cell it names is not in it.
 */

/** A cell to be made; it has the id that it names when no other cell has it. */
export type NewCell = Pick<EditedCell, "kind"> &
  Partial<Pick<EditedCell, "id" | "source" | "attributes">>;

/** An edit's steps, and the cells that a person looks at next. */
export interface CellSteps {
  readonly operations: readonly Operation[];
  /** Ids of what came about, in order. */
  readonly cells: readonly string[];
}

/** New cells after a cell, or at the top. */
export function insertCells(
  workbook: EditedWorkbook,
  after: string | null,
  cells: readonly NewCell[],
): CellSteps {
  if (after !== null) indexOf(workbook, after);
  const operations: Operation[] = [];
  const taken = [...workbook.cells];
  let place = after;
  for (const { id: wanted, kind, source = "", attributes = {} } of cells) {
    const isFree = wanted !== undefined && taken.every(({ id }) => id !== wanted);
    const id = isFree ? wanted : newCellId({ cells: taken });
    const cell: EditedCell = { id, kind, source, attributes };
    operations.push({ type: "insert", after: place, cell });
    taken.push(cell);
    place = cell.id;
  }
  return { operations, cells: taken.slice(workbook.cells.length).map(({ id }) => id) };
}

export function deleteCells(workbook: EditedWorkbook, ids: readonly string[]): CellSteps {
  const operations = ids.map((cell): Operation => {
    indexOf(workbook, cell);
    return { type: "delete", cell };
  });
  return { operations, cells: [] };
}

/** Moves cells, together and in their order, behind a cell that is none of them, or to the top. */
export function moveCells(
  workbook: EditedWorkbook,
  ids: readonly string[],
  after: string | null,
): CellSteps {
  if (after !== null && ids.includes(after)) {
    throw new EditError(`#${after} cannot stand after itself`);
  }
  const inOrder = workbook.cells.filter(({ id }) => ids.includes(id)).map(({ id }) => id);
  for (const id of ids) indexOf(workbook, id);
  const operations = inOrder.map(
    (cell, index): Operation => ({ type: "move", cell, after: inOrder[index - 1] ?? after }),
  );
  return { operations, cells: inOrder };
}

/** Moves cells one place up or down, over the neighbour that is none of them; nothing at the end. */
export function shiftCells(
  workbook: EditedWorkbook,
  ids: readonly string[],
  direction: "up" | "down",
): CellSteps {
  const places = ids.map((id) => indexOf(workbook, id));
  const [first, last] = [Math.min(...places), Math.max(...places)];
  if (direction === "up") {
    return first === 0
      ? { operations: [], cells: ids }
      : moveCells(workbook, ids, idBefore(workbook, first - 1));
  }
  const below = workbook.cells[last + 1];
  return below ? moveCells(workbook, ids, below.id) : { operations: [], cells: ids };
}

/**
 * Cuts a cell in two at an offset of its source; the upper part keeps the id. Blank lines at the cut go.
 */
export function splitCell(workbook: EditedWorkbook, id: string, offset: number): CellSteps {
  const cell = cellOf(workbook, id);
  const { run: _, ...attributes } = cell.attributes;
  const [upper, lower] = [
    cell.source.slice(0, offset).replace(/\n+$/, ""),
    cell.source.slice(offset).replace(/^\n+/, ""),
  ];
  const { kind, mode, attributes: own } = cell;
  const below: EditedCell = {
    id: newCellId(workbook),
    kind,
    ...(mode !== undefined && { mode }),
    source: lower,
    attributes: kind === "prose" ? attributes : own,
  };
  return {
    operations: [
      { type: "text", cell: id, changes: jsonOf(changesBetween(cell.source, upper)) },
      { type: "insert", after: id, cell: below },
    ],
    cells: [id, below.id],
  };
}

/** Makes one cell of several: the first keeps its id and kind, with the sources of all in page order. */
export function mergeCells(workbook: EditedWorkbook, ids: readonly string[]): CellSteps {
  const [first, ...rest] = workbook.cells.filter(({ id }) => ids.includes(id));
  for (const id of ids) indexOf(workbook, id);
  if (!first) return { operations: [], cells: [] };
  const between = first.kind === "prose" ? "\n\n" : "\n";
  const source = [first, ...rest].map((cell) => cell.source).join(between);
  const changes = changesBetween(first.source, source);
  return {
    operations: [
      { type: "text", cell: first.id, changes: jsonOf(changes) },
      ...rest.map(({ id }): Operation => ({ type: "delete", cell: id })),
    ],
    cells: [first.id],
  };
}

/** Copies of cells after a cell; `cells` may come from another workbook, and keep ids that are free. */
export function pasteCells(
  workbook: EditedWorkbook,
  after: string | null,
  cells: readonly (Omit<EditedCell, "id"> & { readonly id?: string })[],
): CellSteps {
  const steps = insertCells(workbook, after, cells);
  // How a cell stood in another file is nothing to this one; a language of its own is.
  const operations = steps.operations.map((operation, index): Operation => {
    const mode = cells[index]?.mode;
    if (operation.type !== "insert" || mode === undefined) return operation;
    return { ...operation, cell: { ...operation.cell, mode } };
  });
  return { ...steps, operations };
}

/** Copies of cells, after the last of them. */
export function duplicateCells(workbook: EditedWorkbook, ids: readonly string[]): CellSteps {
  for (const id of ids) indexOf(workbook, id);
  const cells = workbook.cells.filter(({ id }) => ids.includes(id));
  return pasteCells(workbook, cells.at(-1)?.id ?? null, cells);
}

/** Puts a text in the place of a cell's source, replacing what differs. */
export function rewriteCell(workbook: EditedWorkbook, id: string, source: string): CellSteps {
  const changes = changesBetween(cellOf(workbook, id).source, source.replace(/\r\n?/g, "\n"));
  return { operations: [{ type: "text", cell: id, changes: jsonOf(changes) }], cells: [id] };
}

/** Sets kind or attributes (null takes one away) of cells. */
export function setCells(
  workbook: EditedWorkbook,
  ids: readonly string[],
  settings: {
    readonly kind?: EditedCell["kind"];
    readonly attributes?: Readonly<Record<string, string | true | null>>;
  },
): CellSteps {
  for (const id of ids) indexOf(workbook, id);
  return {
    operations: ids.map((cell): Operation => ({ type: "set", cell, ...settings })),
    cells: ids,
  };
}

/** Sets a value of the front matter, `title` or `summary` say. */
export function setMatter(key: string, value: string | null): CellSteps {
  return { operations: [{ type: "matter", key, value }], cells: [] };
}

/** Puts a cell of another version into this one, behind the nearest cell above it that both have. */
export function insertionOf(
  workbook: EditedWorkbook,
  version: EditedWorkbook,
  cell: EditedCell,
): Operation {
  const here = new Set(workbook.cells.map(({ id }) => id));
  const above = version.cells.slice(
    0,
    version.cells.findIndex(({ id }) => id === cell.id),
  );
  return { type: "insert", after: above.findLast(({ id }) => here.has(id))?.id ?? null, cell };
}
