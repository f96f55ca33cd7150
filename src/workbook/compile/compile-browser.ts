import type { CellAnalysis } from "../workbook.ts";

/** Lines of a compiled body before the person's first; their columns are unchanged. */
export const bodyLinesBefore = 1;

/** What a cell takes and gives, resolved against the other cells. */
export interface Connections {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * A browser cell as the body of an async function of its inputs: `new AsyncFunction(...inputs, body)`
 * in the page, `async (…inputs) => {body}` in a report.
 *
 * The function resolves to an expression cell's value, or to an object of a program's outputs. An
 * output that is a promise is for the caller to await, one that is a generator (as `view` gives) to
 * iterate. The person's code begins on the line after the first (`bodyLinesBefore`), at column 1.
 */
export function compileBrowser(
  { code, expression }: CellAnalysis,
  { outputs }: Pick<Connections, "outputs">,
): string {
  return expression
    ? `"use strict"; return (\n${code}\n)`
    : `"use strict";\n${code}\nreturn {${outputs.join(", ")}}`;
}
