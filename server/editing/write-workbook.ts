import { access, constants, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";

/** Writes the text of a workbook; tests give one that fails. */
export type WriteWorkbook = (file: string, text: string) => Promise<void>;

/**
 * Writes a workbook's file atomically, with the mode it had. Links lead to the file before this: `file` is
 * a real path, in a folder that still is where it was.
 *
 * @throws {Error} with the sentence for the person
 */
export const writeWorkbook: WriteWorkbook = async (file, text) => {
  try {
    const folder = dirname(file);
    if ((await realpath(folder)) !== folder) throw new Error("its folder now is another one");
    const found = await stat(file).catch(() => undefined);
    // A new file put over one that may not be written would get around what somebody decided.
    if (found) await access(file, constants.W_OK);
    await replaceFile(file, text, found && found.mode & 0o7777);
  } catch (error) {
    throw new Error(`Cannot save the workbook: ${problemOf(error as NodeJS.ErrnoException)}`);
  }
};

function problemOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full";
    case "EACCES":
    case "EPERM":
      return "this user may not write the file or its folder";
    case "EROFS":
      return "its folder can only be read";
    case "ENOENT":
      return "its folder is not there any more";
    default:
      return message;
  }
}
