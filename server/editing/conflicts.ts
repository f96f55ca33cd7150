import { difference, insertionOf, rewriteCell } from "../../src/editing/index.ts";
import type {
  CellConflict,
  EditCommand,
  EditedWorkbook,
  Operation,
} from "../../src/protocol/index.ts";

type Keep = Extract<EditCommand, { type: "resolve" }>["keep"];

/** Cells that were edited here and changed on disk, until a person has decided. */
export class Conflicts {
  readonly #byCell = new Map<string, CellConflict>();

  get none(): boolean {
    return this.#byCell.size === 0;
  }

  /** New ones; of a cell that is in conflict already, the file has changed once more. */
  add(conflicts: readonly CellConflict[]): void {
    for (const conflict of conflicts) {
      const base = this.#byCell.get(conflict.cell)?.base ?? conflict.base;
      this.#byCell.set(conflict.cell, { ...conflict, base });
    }
  }

  /** The conflicts with the cells as they are here now. */
  told({ cells }: EditedWorkbook): readonly CellConflict[] {
    const sources = new Map(cells.map(({ id, source }) => [id, source]));
    return [...this.#byCell.values()].map((conflict) => ({
      ...conflict,
      mine: sources.get(conflict.cell) ?? null,
    }));
  }

  /** Forgets those that are none any more after an edit; whether there were any. */
  follow(content: EditedWorkbook): boolean {
    const ended = this.told(content).filter(({ mine, theirs }) => mine === theirs);
    for (const { cell } of ended) this.#byCell.delete(cell);
    return ended.length > 0;
  }

  /**
   * Decides on one conflict or, without `cell`, on all.
   *
   * @param onDisk the document that the file holds
   * @returns what is to be done to the document as it is here
   */
  resolve(content: EditedWorkbook, onDisk: EditedWorkbook, keep: Keep, cell?: string): Operation[] {
    const decided = cell === undefined ? [...this.#byCell.keys()] : [cell];
    const operations: Operation[] = [];
    for (const id of decided) {
      if (!this.#byCell.delete(id)) throw new Error(`Cannot resolve #${id}: it is in no conflict`);
      if (keep !== "mine") operations.push(...resolution(content, onDisk, keep, id));
    }
    return operations;
  }
}

function resolution(
  content: EditedWorkbook,
  onDisk: EditedWorkbook,
  keep: Exclude<Keep, "mine">,
  id: string,
): readonly Operation[] {
  const here = content.cells.find((cell) => cell.id === id);
  const there = onDisk.cells.find((cell) => cell.id === id);
  if (keep !== "theirs" && here) return rewriteCell(content, id, keep.text).operations;
  if (!there) return here && keep === "theirs" ? [{ type: "delete", cell: id }] : [];
  const wanted = keep === "theirs" ? there : { ...there, source: keep.text };
  if (!here) return [insertionOf(content, onDisk, wanted)];
  const after = {
    ...content,
    cells: content.cells.map((cell) => (cell.id === id ? wanted : cell)),
  };
  return difference(content, after);
}
