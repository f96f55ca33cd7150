import { resolve } from "node:path";
import type { Tensor } from "../../tensor/index.ts";
import { CheckpointError, type StoredType, storedOf, writeSafetensors } from "../index.ts";
import { packed } from "./gzip.ts";
import { replaceFile } from "./replace-file.ts";

/** How tensors are stored by {@link saveCheckpoint}. */
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
