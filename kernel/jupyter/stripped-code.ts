import type { CellError } from "../../src/protocol/index.ts";
import { analyse, type StripTypes } from "../../src/workbook/index.ts";

/** Code with its types blanked, or why it makes no sense. */
export async function strippedCode(
  source: string,
  cell: string,
  strip: StripTypes,
): Promise<{ readonly code: string; readonly error?: CellError }> {
  try {
    const { code, error } = await analyse(source, async () => strip);
    if (!error) return { code };
    const at = { cell, line: error.line, column: error.column };
    return { code, error: { name: "SyntaxError", message: error.message, at, frames: [at] } };
  } catch (error) {
    // Code that is nested too deep, for one.
    const { message } = error as Error;
    return { code: "", error: { name: "SyntaxError", message: `Cannot read code: ${message}` } };
  }
}
