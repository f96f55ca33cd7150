import { type Diagnostic, parseWorkbook, type Workbook } from "../../src/workbook/index.ts";

/** What the text of an edited workbook says to whoever reads the file. */
export interface ReadBack {
  /** First line of each cell in the file, by id. */
  readonly lines: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the text of an edited workbook back. Prose that opens a fence or a comment and does not close it
 * takes in the cells below: they are cells as long as the workbook is open, and the person is told.
 */
export function readBack(path: string, text: string, workbook: Workbook): ReadBack {
  const { cells, diagnostics = [] } = parseWorkbook(path, text);
  const lines = new Map<string, number>();
  // Prose that is blank is no cell in a file.
  const written = workbook.cells.filter(({ kind, source }) => kind !== "prose" || source.trim());
  for (const [index, cell] of written.entries()) {
    const read = cells[index];
    if (!read || read.source.trim() !== cell.source.trim()) {
      const message = `Cell #${cell.id} is not read from the file as it is here: look at what is above it for a fence or a comment that is not closed, or a fence inside of prose`;
      return { lines, diagnostics: [...diagnostics, { message, line: read?.line ?? 1 }] };
    }
    lines.set(cell.id, read.line);
  }
  return { lines, diagnostics };
}
