import { lstat, mkdir, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { isInside } from "../documents/folder.ts";

/** Why nothing can be done with checkpoints at a path, one sentence for the person who asked. */
export class CheckpointPathError extends Error {
  override readonly name = "CheckpointPathError";
}

/** Entries that a folder may have at most: one with more is nobody's series. */
const mostEntries = 20_000;

/**
 * Real path of a folder under the root.
 *
 * @param path with `/`; empty for the root itself
 * @throws {CheckpointPathError} when it names no folder under the root
 */
export async function locateFolder(root: string, path: string): Promise<string> {
  if (path === "") return root;
  if (!isPlain(path)) {
    throw new CheckpointPathError(
      `Cannot open ${shown(path)}: expected the path of a folder under the served one`,
    );
  }
  const folder = await realpath(join(root, path)).catch(() => undefined);
  if (folder === undefined || !(await lstat(folder)).isDirectory()) {
    throw new CheckpointPathError(`Cannot open ${path}: there is no such folder`);
  }
  if (!isInside(root, folder)) throw leadsOut(path);
  return folder;
}

/**
 * Holds that nothing in a folder, and in the folders of it, is a link out of the root.
 *
 * @throws {CheckpointPathError} when a link leads out, or the folder is too large
 */
export async function refuseLinksOut(root: string, path: string, folder: string): Promise<void> {
  let count = 0;
  const folders = [""];
  for (const below of folders) {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      if (++count > mostEntries) {
        throw new CheckpointPathError(
          `Cannot open ${path || "the folder"}: expected at most ${mostEntries} files, found more`,
        );
      }
      const name = below + entry.name;
      if (entry.isDirectory() && below === "") folders.push(`${name}/`);
      if (!entry.isSymbolicLink()) continue;
      const target = await realpath(join(folder, name)).catch(() => undefined);
      if (target !== undefined && !isInside(root, target)) {
        throw leadsOut(path === "" ? name : `${path}/${name}`);
      }
    }
  }
}

/**
 * Makes the folder of a new file, where it is not there yet.
 *
 * @param path of the file, with `/`
 * @returns its real path
 * @throws {CheckpointPathError} when the folder would be out of the root
 */
export async function makeFolderOf(root: string, path: string): Promise<string> {
  const parts = path.split("/").slice(0, -1);
  let folder = root;
  for (const [index, part] of parts.entries()) {
    await mkdir(join(folder, part)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    // Step by step: a link among them is seen before anything is made behind it.
    folder = await locateFolder(root, parts.slice(0, index + 1).join("/"));
  }
  return folder;
}

/** A relative path of plain names. */
export function isPlain(path: string): boolean {
  if (path.length > 1024 || /^[A-Za-z]:/.test(path)) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a path
  if (/[\x00-\x1f\x7f\\]/.test(path)) return false;
  return path.split("/").every((name) => name !== "" && !name.startsWith("."));
}

function leadsOut(path: string): CheckpointPathError {
  return new CheckpointPathError(`Cannot open ${path}: it leads out of the served folder`);
}

export function shown(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
}
