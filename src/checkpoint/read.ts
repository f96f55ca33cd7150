import { bytesSource, fault } from "./bytes.ts";
import type { ByteSource, Checkpoint, CheckpointIndex, StoredTensor } from "./checkpoint.ts";
import { readSafetensors } from "./safetensors/read.ts";

/**
 * What a checkpoint file holds, in whatever format its content (not its name) says it is: names, types
 * and shapes, checked against the size of the file. Numbers are read when asked for.
 *
 * @throws {CheckpointError} when the content is none of the formats, or is not what it claims to be
 */
export async function indexCheckpoint(
  source: ByteSource | Uint8Array,
  name?: string,
): Promise<CheckpointIndex> {
  const bytes = named(source, name);
  const start = await bytes.read(0, Math.min(16, bytes.size));
  if (start[8] === 0x7b) return readSafetensors(bytes);
  throw fault(bytes.name, "expected a safetensors file, found another");
}

/**
 * A checkpoint read whole, in whatever format its content says it is.
 *
 * @throws {CheckpointError} as {@link indexCheckpoint}, and when a tensor's bytes are not what they claim
 */
export async function readCheckpoint(
  source: ByteSource | Uint8Array,
  name?: string,
): Promise<Checkpoint> {
  const index = await indexCheckpoint(source, name);
  return { ...(await readTensors(index, index.tensors.keys())) };
}

/** The checkpoint that has only the named tensors of an index. */
export async function readTensors(
  index: CheckpointIndex,
  names: Iterable<string>,
): Promise<Checkpoint> {
  const tensors = new Map<string, StoredTensor>();
  for (const name of names) tensors.set(name, await index.read(name));
  const { source, step, metadata } = index;
  return { source, ...(step !== undefined && { step }), tensors, metadata };
}

function named(source: ByteSource | Uint8Array, name: string | undefined): ByteSource {
  if (source instanceof Uint8Array) return bytesSource(source, name ?? "checkpoint");
  if (name === undefined || name === source.name) return source;
  return { name, size: source.size, read: (offset, length) => source.read(offset, length) };
}
