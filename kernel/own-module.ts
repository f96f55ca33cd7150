import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CellPosition } from "../src/protocol/index.ts";
import type { Position } from "../src/workbook/index.ts";
import { fileName } from "./file-name.ts";

const ownFolder = fileURLToPath(new URL(".", import.meta.url));
/** A longer line is no line that somebody wrote. */
const longestLine = 400;

/** A place in a file, with its line, when the file is a person's: no package's, and not the kernel's. */
export function placeInModule(
  path: string,
  { line, column }: Position,
  directory: string,
): CellPosition | undefined {
  if (path.includes("/node_modules/") || path.startsWith(ownFolder)) return undefined;
  const text = lineOf(path, line);
  if (text === undefined || text.length > longestLine) return undefined;
  return { cell: "", line, column, file: fileName(path, directory), text };
}

function lineOf(path: string, line: number): string | undefined {
  try {
    return readFileSync(path, "utf8").split(/\r\n|[\n\r\u2028\u2029]/)[line - 1];
  } catch {
    return undefined;
  }
}
