import { apply, insertCells, merge } from "../../editing/index.ts";
import type { EditedWorkbook, Operation } from "../../protocol/index.ts";

/**
 * What was done in this page, on a document that the server knows nothing of any more, as operations on the
 * document that it has. Where both changed one cell, neither text is lost: this page's stands in a cell of
 * its own below the other.
 *
 * @param base the document in this page before what was done
 */
export function joining(
  base: EditedWorkbook,
  content: EditedWorkbook,
  mine: EditedWorkbook,
): readonly Operation[] {
  const { operations, conflicts } = merge(base, content, mine);
  const all = [...operations];
  let joined = apply(content, { operations });
  for (const conflict of conflicts) {
    const cell = mine.cells.find(({ id }) => id === conflict.cell);
    if (!cell) continue;
    const isThere = joined.cells.some(({ id }) => id === cell.id);
    const place = isThere ? cell.id : (joined.cells.at(-1)?.id ?? null);
    const copy = insertCells(joined, place, [cell]);
    joined = apply(joined, copy);
    all.push(...copy.operations);
  }
  return all;
}
