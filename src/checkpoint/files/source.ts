import { type FileHandle, open, stat } from "node:fs/promises";
import { type ByteSource, CheckpointError } from "../index.ts";
import { isGzip, unpackedSource } from "./gzip.ts";

/** What of a file's state tells that it is another file now. */
export interface FileState {
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
}

/**
 * A file read in part, named `name` in messages. Close it after use. A file packed by gzip is unpacked
 * in memory, and read as if it had not been packed.
 *
 * Reading rejects with a {@link CheckpointError} when the file changed since it was opened, or since
 * `expected` was taken: numbers of two states are never mixed.
 *
 * @throws {CheckpointError} when it is no file, cannot be read, or is damaged gzip
 */
export async function fileSource(
  path: string,
  name: string = path,
  expected?: FileState,
): Promise<ByteSource & { close(): Promise<void> }> {
  let handle: FileHandle;
  try {
    // Before opening: to open a named pipe would wait for whoever writes into it.
    const found = await stat(path);
    if (!found.isFile()) throw notAFile(name, found.isDirectory() ? "a folder" : "something else");
    handle = await open(path, "r");
  } catch (error) {
    throw unreadable(name, error);
  }
  try {
    const first = await stateOf(handle);
    if (expected !== undefined) refuseChange(name, expected, first);
    const source: ByteSource = {
      name,
      size: first.size,
      read: async (offset, length) => {
        const bytes = await readFully(handle, name, offset, length);
        refuseChange(name, first, await stateOf(handle));
        return bytes;
      },
    };
    const content = (await isGzip(source)) ? await unpackedSource(source) : source;
    return { ...content, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** An operating system's error as one that names the file. */
export function unreadable(name: string, error: unknown): CheckpointError {
  if (error instanceof CheckpointError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "expected a file or folder, found nothing there",
    EACCES: "permission denied",
    ENOTDIR: "expected a folder, found a file",
  };
  return new CheckpointError(`Cannot read ${name}: ${reasons[code ?? ""] ?? message}`, {
    cause: error,
  });
}

function notAFile(name: string, found: string): CheckpointError {
  return new CheckpointError(`Cannot read ${name}: expected a file, found ${found}`);
}

async function stateOf(handle: FileHandle): Promise<FileState> {
  const { size, mtimeNs, ino } = await handle.stat({ bigint: true });
  return { size: Number(size), mtimeNs, ino };
}

function refuseChange(name: string, before: FileState, now: FileState): void {
  if (before.size === now.size && before.mtimeNs === now.mtimeNs && before.ino === now.ino) return;
  const expected = `${before.size} bytes as when it was opened`;
  const found = `${now.size} bytes, changed since`;
  throw new CheckpointError(`Cannot read ${name}: expected ${expected}, found ${found}`);
}

async function readFully(
  handle: FileHandle,
  name: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    let count: number;
    try {
      ({ bytesRead: count } = await handle.read(bytes, filled, length - filled, offset + filled));
    } catch (error) {
      throw unreadable(name, error);
    }
    if (count === 0) {
      throw new CheckpointError(
        `Cannot read ${name}: expected at least ${offset + length} bytes, found ${offset + filled}`,
      );
    }
    filled += count;
  }
  return bytes;
}
