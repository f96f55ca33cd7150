import { link, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { isCheckpointName } from "../../src/checkpoint/index.ts";
import type { ReceivedPiece } from "../../src/protocol/index.ts";
import { CheckpointPathError, isPlain, makeFolderOf, shown } from "./place.ts";
import { askThread } from "./thread.ts";

/** A piece of a file that a page sends. */
export interface Piece {
  /** Path of the file under the root, with `/`. */
  readonly path: string;
  /** What the page calls this upload: pieces of one are never mixed with those of another. */
  readonly upload: string;
  /** Bytes of the file before this piece. */
  readonly offset: number;
  /** Bytes of the whole file. */
  readonly total: number;
  readonly bytes: Uint8Array;
}

const unfinished = ".simile-upload-";
/** Pieces that nobody goes on with are removed after this long, in ms. */
const forgottenAfter = 24 * 3600 * 1000;

/**
 * Takes a piece of a checkpoint file; with the last one the file is looked into, and given its name if it
 * is a checkpoint. Nothing is ever overwritten, and what is no checkpoint is not kept.
 *
 * @throws {CheckpointPathError} when the path is none, there is something, the piece does not follow the
 * one before, the disk is full, or the file is no checkpoint
 */
export async function receive(
  root: string,
  { path, upload, offset, total, bytes }: Piece,
  signal: AbortSignal,
): Promise<ReceivedPiece> {
  refuseNonsense(path, upload, offset, total, bytes.length);
  const folder = await makeFolderOf(root, path);
  const file = join(folder, basename(path));
  if (await isThere(file)) throw alreadyThere(path);
  const part = join(folder, unfinished + upload);
  if (offset === 0) await makeRoom(folder, path, total);
  await append(part, path, offset, bytes);
  const received = offset + bytes.length;
  if (received < total) return { received, done: false };
  try {
    let failure = "its reader ended";
    await askThread(
      { type: "check", file: part, shown: basename(path) },
      (said) => {
        failure = said.type === "failed" ? said.message : "";
      },
      signal,
    );
    if (failure !== "") throw new CheckpointPathError(failure);
    // A link, not a rename: that would take the place of a file that came meanwhile.
    await link(part, file).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EEXIST" ? alreadyThere(path) : error;
    });
    return { received, done: true };
  } finally {
    await rm(part, { force: true });
  }
}

/** Removes what was received of an upload that the person has stopped. */
export async function forget(root: string, path: string, upload: string): Promise<void> {
  refuseNonsense(path, upload, 0, 1, 1);
  const folder = await makeFolderOf(root, path);
  await rm(join(folder, unfinished + upload), { force: true });
}

function refuseNonsense(
  path: string,
  upload: string,
  offset: number,
  total: number,
  length: number,
): void {
  if (!isPlain(path)) {
    throw new CheckpointPathError(
      `Cannot keep ${shown(path)}: expected the path of a file under the served folder`,
    );
  }
  if (!isCheckpointName(basename(path))) {
    throw new CheckpointPathError(
      `Cannot keep ${path}: expected a name that ends as a checkpoint's does, .pt, .pth, .bin, .ckpt, .safetensors, .npz or .npy`,
    );
  }
  const isWhole = [offset, total].every((value) => Number.isSafeInteger(value) && value >= 0);
  const isPiece = isWhole && length > 0 && offset + length <= total;
  if (!/^[0-9a-f-]{36}$/.test(upload) || !isPiece) {
    throw new CheckpointPathError(`Cannot keep ${path}: its pieces do not fit together`);
  }
}

async function append(
  part: string,
  path: string,
  offset: number,
  bytes: Uint8Array,
): Promise<void> {
  const handle = await open(part, offset === 0 ? "wx" : "r+").catch(
    (error: NodeJS.ErrnoException) => {
      const isGone = error.code === "ENOENT" || error.code === "EEXIST";
      throw isGone ? doesNotFollow(path) : error;
    },
  );
  try {
    if ((await handle.stat()).size !== offset) throw doesNotFollow(path);
    await handle.write(bytes, 0, bytes.length, offset).catch(() => undefined);
    const { size } = await handle.stat();
    if (size === offset + bytes.length) return;
    await handle.truncate(offset);
  } finally {
    await handle.close();
  }
  throw new CheckpointPathError(`Cannot keep ${path}: the disk does not take it`);
}

/** Removes what nobody goes on with, and refuses what the disk has no room for. */
async function makeRoom(folder: string, path: string, total: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(unfinished)) continue;
    const state = await stat(join(folder, name)).catch(() => undefined);
    if (state && Date.now() - state.mtimeMs > forgottenAfter) {
      await rm(join(folder, name), { force: true });
    }
  }
  const disk = await statfs(folder).catch(() => undefined);
  const free = disk && disk.bavail * disk.bsize;
  if (free !== undefined && free < total) {
    throw new CheckpointPathError(
      `Cannot keep ${path}: expected room for ${total} bytes on the disk, found ${free}`,
    );
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function alreadyThere(path: string): CheckpointPathError {
  return new CheckpointPathError(
    `Cannot keep ${path}: there is a file of this name, which stays as it is`,
  );
}

function doesNotFollow(path: string): CheckpointPathError {
  return new CheckpointPathError(`Cannot keep ${path}: a piece of it was lost; send it again`);
}
