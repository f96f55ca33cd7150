import { resolve } from "node:path";
import { type Checkpoint, readCheckpoint } from "../index.ts";
import { fileSource } from "./source.ts";

/**
 * The checkpoint in a file: safetensors, PyTorch zip, `.npy` or `.npz`, told by its content. Nothing in
 * the file is run. A relative path starts at the current directory.
 *
 * @throws {CheckpointError} when the file cannot be read, is none of these, or changes meanwhile
 */
export async function openCheckpoint(file: string): Promise<Checkpoint> {
  const source = await fileSource(resolve(file), file);
  try {
    return await readCheckpoint(source);
  } finally {
    await source.close();
  }
}
