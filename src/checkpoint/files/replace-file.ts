import { rmSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Number of the next temporary file, so that two saves of one process never share one. */
let next = 0;

/** Temporary files that are being written: a process that ends meanwhile takes them along. */
const unfinished = new Set<string>();

/** How a file is replaced. */
export interface ReplaceOptions {
  /** Permissions of the new file; by default those that the system gives a new file. */
  readonly mode?: number;
  /** User and group that the new file is to have, as far as this user may give it away. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Asked just before the new file takes the place of the old; what it throws leaves the old one. */
  readonly check?: () => Promise<void>;
}

/**
 * Writes a file atomically: written beside it, synced and renamed, so whoever reads `path`, whenever,
 * finds the old content or the new, and a failure leaves the old one.
 *
 * @throws {Error} of the operating system's, with its code, e.g. ENOSPC when the disk is full
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | string,
  { mode, owner, check }: ReplaceOptions = {},
): Promise<void> {
  const name = `${temporaryPrefix(path)}${process.pid}.${next++}.tmp`;
  const temporary = join(dirname(path), name);
  if (unfinished.size === 0) process.on("exit", removeUnfinished);
  unfinished.add(temporary);
  try {
    const handle = await open(temporary, "wx");
    try {
      if (owner) await giveTo(handle, owner);
      if (mode !== undefined) await handle.chmod(mode);
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await check?.();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    unfinished.delete(temporary);
    if (unfinished.size === 0) process.off("exit", removeUnfinished);
  }
  await syncFolder(dirname(path));
}

/**
 * What the names of the temporary files of a file begin with; its number of the process, a dot, a number
 * and ".tmp" follow. A name has room for 255 bytes.
 */
export function temporaryPrefix(path: string): string {
  let name = basename(path);
  while (Buffer.byteLength(name) > 200) name = [...name].slice(0, -1).join("");
  return `.${name}.`;
}

/** Whoever may not give a file away may still be in its group. */
async function giveTo(
  handle: FileHandle,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const mine = await handle.stat();
  if (mine.uid === uid && mine.gid === gid) return;
  await handle
    .chown(uid, gid)
    .catch(() => handle.chown(mine.uid, gid))
    .catch(() => undefined);
}

function removeUnfinished(): void {
  for (const temporary of unfinished) rmSync(temporary, { force: true });
}

/** Makes the rename itself durable. Not every system can sync a folder; the file is whole either way. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
