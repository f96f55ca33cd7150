import fc from "fast-check";
import { changesBetween, jsonOf } from "../../src/editing/index.ts";
import type { EditedCell, EditedWorkbook, Operation } from "../../src/protocol/index.ts";

/** A workbook of plain cells a, b, c … with these sources. */
export function workbookWith(...sources: readonly string[]): EditedWorkbook {
  return {
    cells: sources.map((source, index) => cellWith("abcdefghijklmnop"[index]!, source)),
    matter: {},
    kept: { front: "", tail: "" },
  };
}

export function cellWith(id: string, source: string): EditedCell {
  return { id, kind: "browser", source, attributes: {} };
}

/** Ids of the cells in order. */
export function orderOf({ cells }: EditedWorkbook): string {
  return cells.map(({ id }) => id).join("");
}

export const sources = fc.array(fc.string({ maxLength: 8 }).map(plain), {
  minLength: 1,
  maxLength: 6,
});

/** What an edit is made of, before it is known of which document: numbers that choose. */
export const choices = fc.array(fc.nat({ max: 999 }), { minLength: 6, maxLength: 6 });

/** An operation that fits the document, chosen by numbers. `fresh` is an id that no cell has had. */
export function chosenOperation(
  workbook: EditedWorkbook,
  [what = 0, which = 0, where = 0, from = 0, length = 0, letter = 0]: readonly number[],
  fresh: string,
): Operation {
  const { cells } = workbook;
  const cell = cells[which % Math.max(1, cells.length)];
  const after = [null, ...cells.map(({ id }) => id)][where % (cells.length + 1)]!;
  const text = ["x", "yy", "\n", "", "z\nz"][letter % 5]!;
  if (!cell) return { type: "insert", after: null, cell: cellWith(fresh, text) };
  switch (what % 8) {
    case 0:
      return { type: "insert", after, cell: cellWith(fresh, text) };
    case 1:
      return { type: "delete", cell: cell.id };
    case 2:
      return after === cell.id
        ? { type: "matter", key: "title", value: letter % 3 === 0 ? null : text }
        : { type: "move", cell: cell.id, after };
    case 3: {
      const kind = (["prose", "browser", "kernel"] as const)[letter % 3]!;
      const attributes = {
        run: length % 2 === 0 ? "demand" : null,
        [`k${from % 3}`]: true as const,
      };
      return { type: "set", cell: cell.id, ...(from % 2 === 0 && { kind }), attributes };
    }
    default: {
      const start = from % (cell.source.length + 1);
      const end = Math.min(cell.source.length, start + (length % 4));
      const now = cell.source.slice(0, start) + text + cell.source.slice(end);
      return { type: "text", cell: cell.id, changes: jsonOf(changesBetween(cell.source, now)) };
    }
  }
}

function plain(text: string): string {
  return text.replace(/\r/g, "\n");
}
