import { constants } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { formatOf, headLength, whyNoWorkbook, workbookEndings } from "../../src/workbook/index.ts";

/** Largest workbook that is opened: far above any document a person writes. */
export const largestWorkbook: number = 4 * 1024 * 1024;

/** Why a workbook cannot be read, as one sentence for the person who asked for it. */
export class WorkbookFileError extends Error {
  override readonly name = "WorkbookFileError";
}

/** A workbook file as it was read. */
export interface WorkbookFile {
  /** Path under the root, with `/`. */
  readonly path: string;
  /** Where it really is, links resolved. */
  readonly file: string;
  readonly text: string;
}

/**
 * The one folder whose workbooks are served. Every path goes through it, and no path leads out of it:
 * not by `..`, not as an absolute or drive path, not by a link.
 */
export class WorkbookFolder {
  /** Real path of the folder. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** @throws {WorkbookFileError} when `path` is not a folder */
  static async open(path: string): Promise<WorkbookFolder> {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new WorkbookFileError(`Cannot serve ${path}: there is no such folder`);
    if (!found.isDirectory())
      throw new WorkbookFileError(`Cannot serve ${path}: it is not a folder`);
    return new WorkbookFolder(await realpath(path));
  }

  /**
   * Real path of the workbook at `path`.
   *
   * @param path under the root, with `/`, not percent-encoded
   * @throws {WorkbookFileError} when it names no workbook under the root
   */
  async locate(path: string): Promise<string> {
    if (!isPlainPath(path)) {
      throw new WorkbookFileError(
        `Cannot open ${shown(path)}: expected the path of a ${workbookEndings} file under the served folder`,
      );
    }
    const file = await realpath(join(this.root, path)).catch(() => undefined);
    if (file === undefined)
      throw new WorkbookFileError(`Cannot open ${path}: there is no such file`);
    if (!isInside(this.root, file) || formatOf(file) !== formatOf(path)) {
      throw new WorkbookFileError(`Cannot open ${path}: it leads out of the served folder`);
    }
    return file;
  }

  /**
   * Reads the workbook at `path`.
   *
   * @throws {WorkbookFileError} when it cannot be read, is larger than 4 MB, is not UTF-8, or is no workbook
   * though its name is like one's
   */
  async read(path: string): Promise<WorkbookFile> {
    const { file, bytes } = await this.#bytes(path);
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new WorkbookFileError(`Cannot open ${path}: it is not UTF-8 text`);
    }
    const why = whyNoWorkbook(path, text);
    if (why !== undefined) throw new WorkbookFileError(`Cannot open ${path}: ${why}`);
    return { path, file, text };
  }

  /**
   * Where a workbook at `path` would be, which is not there yet; its folder is.
   *
   * @throws {WorkbookFileError} when the path is not a workbook's, leads out of the folder or is taken
   */
  async place(path: string): Promise<string> {
    if (!isPlainPath(path)) {
      throw new WorkbookFileError(
        `Cannot make ${shown(path)}: expected the path of a ${workbookEndings} file under the served folder`,
      );
    }
    const parent = await realpath(join(this.root, dirname(path))).catch(() => undefined);
    if (parent === undefined) {
      throw new WorkbookFileError(`Cannot make ${path}: there is no folder ${dirname(path)}`);
    }
    if (parent !== this.root && !isInside(this.root, parent)) {
      throw new WorkbookFileError(`Cannot make ${path}: it leads out of the served folder`);
    }
    const file = join(parent, basename(path));
    const isTaken = await lstat(file).then(
      () => true,
      () => false,
    );
    if (isTaken) throw new WorkbookFileError(`Cannot make ${path}: it exists already`);
    return file;
  }

  /** Whether a workbook stands at `path`, by its name and the beginning of its text. */
  async holds(path: string): Promise<boolean> {
    try {
      const { bytes } = await this.#bytes(path, headLength);
      return whyNoWorkbook(path, new TextDecoder().decode(bytes)) === undefined;
    } catch {
      return false;
    }
  }

  async #bytes(path: string, head?: number): Promise<{ file: string; bytes: Buffer }> {
    let file = await this.locate(path);
    let bytes = await readRegularFile(path, file, head);
    // An editor that saves by renaming may come between; twice in a row is no editor.
    for (let more = 2; bytes === undefined && more > 0; more--) {
      file = await this.locate(path);
      bytes = await readRegularFile(path, file, head);
    }
    if (!bytes) throw new WorkbookFileError(`Cannot open ${path}: it is replaced all the time`);
    return { file, bytes };
  }

  /** The path under the root of a file that `locate` gave, with `/`. */
  pathOf(file: string): string {
    return relative(this.root, file).split(sep).join("/");
  }
}

/** Whether `file` is below `root`, compared part by part: `/data-secret` is not inside `/data`. */
export function isInside(root: string, file: string): boolean {
  const path = relative(root, file);
  return path !== "" && path.split(sep)[0] !== ".." && !isAbsolute(path);
}

/** A relative path of plain names ending as a workbook's does: what a link of ours can say, and nothing cleverer. */
function isPlainPath(path: string): boolean {
  if (path.length > 1024 || !formatOf(path) || /^[A-Za-z]:/.test(path)) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a path
  if (/[\x00-\x1f\x7f\\]/.test(path)) return false;
  return path.split("/").every((name) => name !== "" && !name.startsWith("."));
}

/**
 * The bytes of the file at a real path, or its first ones; undefined when it was replaced while it was
 * opened.
 */
async function readRegularFile(
  path: string,
  file: string,
  head?: number,
): Promise<Buffer | undefined> {
  // Opening a pipe would wait for its writer for ever.
  const before = await lstat(file).catch(() => undefined);
  if (!before || before.isSymbolicLink()) return undefined;
  if (!before.isFile()) throw new WorkbookFileError(`Cannot open ${path}: it is not a file`);
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ELOOP") return undefined;
    const why = code === "EACCES" || code === "EPERM" ? "permission denied" : message;
    throw new WorkbookFileError(`Cannot open ${path}: ${why}`);
  }
  try {
    // Whoever can write in the folder could have put a link there between the check and the opening.
    if ((await openedPath(handle, file)) !== file) return undefined;
    if (head !== undefined) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(head), 0, head, 0);
      return buffer.subarray(0, bytesRead);
    }
    const { size } = await handle.stat();
    if (size > largestWorkbook) {
      throw new WorkbookFileError(
        `Cannot open ${path}: expected at most ${largestWorkbook} bytes, found ${size}`,
      );
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Where an open file is. Linux knows it of the file itself, elsewhere the path is asked once more. */
async function openedPath(handle: FileHandle, file: string): Promise<string | undefined> {
  if (process.platform === "linux") return readlink(`/proc/self/fd/${handle.fd}`);
  const [opened, now] = [await handle.stat(), await lstat(file).catch(() => undefined)];
  const same = now?.ino === opened.ino && now.dev === opened.dev;
  return same ? realpath(file).catch(() => undefined) : undefined;
}

function shown(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
}
