import { access, constants, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";

/**
 * Writes the text of a workbook; tests give one that fails.
 *
 * @param held what the file is known to hold; none where there is to be no file
 */
export type WriteWorkbook = (file: string, text: string, held?: string) => Promise<void>;

/** Somebody else wrote a file after it was read. */
export class FileChangedError extends Error {
  override readonly name = "FileChangedError";
}

/**
 * Writes a workbook's file atomically, with the mode and the owner it had. Links lead to the file before this: `file` is
 * a real path, in a folder that still is where it was.
 *
 * @throws {FileChangedError} when the file holds something else than it is known to: nothing is written
 * @throws {Error} with the sentence for the person
 */
export const writeWorkbook: WriteWorkbook = async (file, text, held) => {
  try {
    const folder = dirname(file);
    if ((await realpath(folder)) !== folder) throw new Error("its folder now is another one");
    const found = await stat(file).catch(() => undefined);
    // A new file put over one that may not be written would get around what somebody decided.
    if (found) await access(file, constants.W_OK);
    await replaceFile(file, text, {
      ...(found && { mode: found.mode & 0o7777, owner: found }),
      check: () => checkHolds(file, held),
    });
  } catch (error) {
    if (error instanceof FileChangedError) throw error;
    throw new Error(`Cannot save ${basename(file)}: ${problemOf(error as NodeJS.ErrnoException)}`);
  }
};

async function checkHolds(file: string, held: string | undefined): Promise<void> {
  const found = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (found !== held) {
    throw new FileChangedError(`Cannot save ${basename(file)}: another program writes it`);
  }
}

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
