import type { CellConflict, EditedCell, EditedWorkbook, Operation } from "../protocol/index.ts";
import { cellDifference, difference } from "./difference.ts";
import { mapOver } from "./map.ts";

/** What two versions of one document become together. */
export interface Merged {
  /** Lead from `mine` to both together; a cell in conflict stays as it is in mine. */
  readonly operations: readonly Operation[];
  readonly conflicts: readonly CellConflict[];
}

/**
 * Merges two versions that began as `base`, cell by cell: a cell that one side changed is as that side has
 * it; one that both changed differently, or one deleted and the other changed, is a conflict. New cells,
 * order and front matter of both are kept; where both set one value of the front matter, mine stays.
 */
export function merge(base: EditedWorkbook, mine: EditedWorkbook, theirs: EditedWorkbook): Merged {
  const conflicts = conflictsOf(base, mine, theirs);
  const incoming = difference(base, withoutMine(base, mine, theirs)).filter(
    (operation) =>
      operation.type !== "matter" || base.matter[operation.key] === mine.matter[operation.key],
  );
  const { later } = mapOver(incoming, difference(base, mine), base);
  return { operations: later, conflicts };
}

/** Theirs, with the cells that mine changed as they were when the two parted. */
function withoutMine(
  base: EditedWorkbook,
  mine: EditedWorkbook,
  theirs: EditedWorkbook,
): EditedWorkbook {
  const [before, ours] = [byId(base), byId(mine)];
  const isMine = (id: string) => !isSame(before.get(id), ours.get(id));
  const cells = theirs.cells.flatMap((cell) => {
    if (!isMine(cell.id)) return [cell];
    const was = before.get(cell.id);
    return was ? [withKeptOf(was, cell)] : [];
  });
  for (const [index, cell] of base.cells.entries()) {
    if (!isMine(cell.id) || cells.some(({ id }) => id === cell.id)) continue;
    const previous = base.cells[index - 1]?.id;
    cells.splice(cells.findIndex(({ id }) => id === previous) + 1, 0, cell);
  }
  return { ...theirs, cells };
}

function withKeptOf({ kept: _, ...cell }: EditedCell, { kept }: EditedCell): EditedCell {
  return kept ? { ...cell, kept } : cell;
}

function conflictsOf(
  base: EditedWorkbook,
  mine: EditedWorkbook,
  theirs: EditedWorkbook,
): CellConflict[] {
  const [before, ours, others] = [byId(base), byId(mine), byId(theirs)];
  const ids = new Set([...before.keys(), ...ours.keys(), ...others.keys()]);
  return [...ids].flatMap((id) => {
    const [was, here, there] = [before.get(id), ours.get(id), others.get(id)];
    if (isSame(here, there) || isSame(was, here) || isSame(was, there)) return [];
    return [
      {
        cell: id,
        base: was?.source ?? null,
        mine: here?.source ?? null,
        theirs: there?.source ?? null,
      },
    ];
  });
}

/** Whether two versions of a cell say the same, however they stand in the file. */
function isSame(a: EditedCell | undefined, b: EditedCell | undefined): boolean {
  if (!a || !b) return a === b;
  return cellDifference(a, b).every(({ type }) => type === "kept");
}

function byId({ cells }: EditedWorkbook): ReadonlyMap<string, EditedCell> {
  return new Map(cells.map((cell) => [cell.id, cell]));
}
