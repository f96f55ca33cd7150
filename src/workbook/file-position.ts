import { decodeScript } from "./observable/script-text.ts";
import type { Cell, Position } from "./workbook.ts";

/** Where in the workbook's file a position of a cell's source is: in an HTML file cells stand indented. */
export function filePosition(cell: Cell, { line, column }: Position): Position {
  const text = cell.layout?.written?.text;
  const indented = text?.slice(decodeScript(text).skipped).split(/\r\n|\n|\r/)[line - 1];
  return {
    line: cell.line + line - 1,
    column: indented?.startsWith("    ") ? column + 4 : column,
  };
}
