import { rmSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Number of the next temporary file, so that two saves of one process never share one. */
let next = 0;

/** Temporary files that are being written: a process that ends meanwhile takes them along. */
const unfinished = new Set<string>();

/**
 * Writes a file atomically: written beside it, synced and renamed, so whoever reads `path`, whenever,
 * finds the old content or the new, and a failure leaves the old one.
 *
 * @param mode permissions of the new file; by default those that the system gives a new file
 * @throws {Error} of the operating system's, with its code, e.g. ENOSPC when the disk is full
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | string,
  mode?: number,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${next++}.tmp`);
  if (unfinished.size === 0) process.on("exit", removeUnfinished);
  unfinished.add(temporary);
  try {
    const handle = await open(temporary, "wx");
    try {
      if (mode !== undefined) await handle.chmod(mode);
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
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
