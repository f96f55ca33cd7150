import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Tensor } from "../../tensor/index.ts";
import { CheckpointError, type StoredType, storedOf, writeSafetensors } from "../index.ts";
import { packed } from "./gzip.ts";

export interface SaveOptions {
  /** Element type of every tensor. Default F64 for float64 data and F32 for float32 data: lossless. */
  readonly type?: StoredType;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes tensors as a safetensors file, atomically: whoever reads `file`, whenever, finds the old
 * content or the new. A name that ends in `.gz` is packed by gzip. A relative path starts at the current
 * directory.
 *
 * @throws {CheckpointError} when a number does not fit the type, or the file cannot be written
 */
export async function saveCheckpoint(
  file: string,
  tensors: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
  options: SaveOptions = {},
): Promise<void> {
  const entries = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  const stored = entries.map(([name, tensor]: [string, Tensor]) => {
    const type = options.type ?? (tensor.data instanceof Float64Array ? "F64" : "F32");
    return [name, storedOf(tensor, type, name)] as const;
  });
  const bytes = writeSafetensors(new Map(stored), options.metadata);
  try {
    await replaceFile(resolve(file), file.endsWith(".gz") ? await packed(bytes) : bytes);
  } catch (error) {
    throw new CheckpointError(`Cannot write ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Number of the next temporary file, so that two saves of one process never share one. */
let next = 0;

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${next++}.tmp`);
  try {
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes the rename itself durable. Not every system can sync a folder; the file is whole either way. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
