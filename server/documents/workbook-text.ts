import { readFile } from "node:fs/promises";
import { whyNoWorkbook } from "../../src/workbook/index.ts";

/**
 * The text of a workbook that a command was given.
 *
 * @param act what is to be done with it, for the sentence of the error
 * @throws {Error} when it cannot be read, or is no workbook
 */
export async function workbookText(path: string, act: string): Promise<string> {
  const text = await fileText(path, act);
  const why = whyNoWorkbook(path, text);
  if (why !== undefined) throw new Error(`Cannot ${act} ${path}: ${why}`);
  return text;
}

/**
 * The text of a file that a command was given.
 *
 * @param act what is to be done with it, for the sentence of the error
 * @throws {Error} when it cannot be read
 */
export async function fileText(path: string, act: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`Cannot ${act} ${path}: it cannot be read (${error.code})`);
  });
}
