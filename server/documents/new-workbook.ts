import { link, open, unlink } from "node:fs/promises";
import { extname } from "node:path";
import { formatOf, serialiseWorkbook, type Workbook } from "../../src/workbook/index.ts";
import { WorkbookFileError, type WorkbookFolder } from "./folder.ts";

/** How many copies beside each other are tried for a free name. */
const mostCopies = 1_000;

/** The text of a workbook that says its title and nothing more. */
export function newWorkbookText(path: string, title: string): string {
  const heading = {
    id: "title",
    kind: "prose",
    source: `# ${title}`,
    line: 1,
    run: "live",
  } as const;
  const workbook: Workbook = { title, summary: "", cells: [{ ...heading, anonymous: true }] };
  // In Markdown a heading is title enough.
  return formatOf(path)?.extension === ".md" ? `# ${title}\n` : serialiseWorkbook(path, workbook);
}

/**
 * Writes a file that is not there yet.
 *
 * @throws {WorkbookFileError} when there is one, or it cannot be written; nothing is left of it then
 */
export async function writeNew(path: string, file: string, text: string): Promise<void> {
  const handle = await open(file, "wx").catch((error: NodeJS.ErrnoException) => {
    throw new WorkbookFileError(`Cannot make ${path}: ${whyNot(error)}`);
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    // Half a workbook is none.
    await unlink(file).catch(() => {});
    throw new WorkbookFileError(`Cannot make ${path}: ${whyNot(error as NodeJS.ErrnoException)}`);
  } finally {
    await handle.close();
  }
}

/**
 * Gives a file another name that is free: there is no moment in which another file could be overwritten.
 *
 * @throws {WorkbookFileError} when it is not free any more
 */
export async function moveNew(path: string, from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await unlink(from);
  } catch (error) {
    throw new WorkbookFileError(`Cannot make ${path}: ${whyNot(error as NodeJS.ErrnoException)}`);
  }
}

/** A free path like `path`: with " copy" before its ending, and a number when that is taken. */
export async function freeCopy(folder: WorkbookFolder, path: string): Promise<string> {
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length).replace(/ copy(?: \d+)?$/, "");
  for (let count = 1; count <= mostCopies; count++) {
    const copy = `${stem} copy${count === 1 ? "" : ` ${count}`}${ending}`;
    const isFree = await folder.place(copy).then(
      () => true,
      () => false,
    );
    if (isFree) return copy;
  }
  throw new WorkbookFileError(`Cannot copy ${path}: expected fewer than ${mostCopies} copies`);
}

function whyNot({ code, message }: NodeJS.ErrnoException): string {
  if (code === "EEXIST") return "it exists already";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return "this user may not write in the folder";
  }
  return code === "ENOSPC" ? "the disk is full" : message;
}
