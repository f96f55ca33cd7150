import { bytesSource, fault } from "./bytes.ts";
import type { ByteSource, Checkpoint, CheckpointIndex, StoredTensor } from "./checkpoint.ts";
import { listed } from "./contents.ts";
import { foreign, formatOf } from "./format.ts";
import { readNpz } from "./npy/archive.ts";
import { readNpy } from "./npy/read.ts";
import { readSafetensors } from "./safetensors/read.ts";
import { pickleEntry, readTorch } from "./torch/read.ts";
import { ZipArchive } from "./zip/archive.ts";

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
  const format = formatOf(start);
  if (format === "safetensors") return readSafetensors(bytes);
  if (format === "npy") return readNpy(bytes);
  if (format === "zip") return readZip(bytes);
  throw fault(
    bytes.name,
    `expected a safetensors, PyTorch, .npy or .npz file, found ${foreign(start)}`,
  );
}

/** A zip archive is a PyTorch checkpoint or a NumPy archive, told by the files in it. */
async function readZip(source: ByteSource): Promise<CheckpointIndex> {
  const archive = await ZipArchive.open(source);
  const pickle = pickleEntry(archive);
  if (pickle !== undefined) return readTorch(source, archive, pickle);
  const names = [...archive.entries.keys()];
  if (names.some((name) => name.endsWith(".npy"))) return readNpz(source, archive);
  throw fault(
    source.name,
    `expected a zip with data.pkl (PyTorch) or .npy files (NumPy), found ${listed(names) || "an empty one"}`,
  );
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
  return readTensors(index, index.tensors.keys());
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
