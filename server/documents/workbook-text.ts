import { readFile } from "node:fs/promises";

/**
 * The text of a workbook that a command was given.
 *
 * @param act what is to be done with it, for the sentence of the error
 * @throws {Error} when it cannot be read
 */
export async function workbookText(path: string, act: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Error(`Cannot ${act} ${path}: it cannot be read (${error.code})`);
  });
}
