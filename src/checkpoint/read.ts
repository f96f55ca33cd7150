import { bytesSource, fault } from "./bytes.ts";
import type { ByteSource, Checkpoint, CheckpointIndex, StoredTensor } from "./checkpoint.ts";
import { listed } from "./contents.ts";
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

/** The container that the first 16 bytes of a file are of: the name says nothing. */
export function formatOf(start: Uint8Array): "safetensors" | "zip" | "npy" | undefined {
  if (begins(start, "PK\x03\x04")) return "zip";
  if (begins(start, "\x93NUMPY")) return "npy";
  return start[8] === 0x7b ? "safetensors" : undefined;
}

/** What people often have instead of a readable checkpoint, and what they can do. */
const foreigners: readonly (readonly [start: string, what: string])[] = [
  [
    "\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.",
    "a PyTorch file of the format before 1.6; save it again with torch.save(torch.load(file), file)",
  ],
  ["PYTORCH1", "a PyTorch file of a preview format; save it again with torch.save"],
  [
    "\x80",
    "a Python pickle, which is a program; save the state dict with torch.save or safetensors",
  ],
  ["\x89HDF\r\n", "an HDF5 file; save the weights as safetensors or .npz"],
  ["GGUF", "a GGUF file; save the weights as safetensors"],
  ["PK\x05\x06", "an empty zip file"],
  ["\x1f\x8b", "a gzip file; unpack it first"],
  ["version https://g", "a Git LFS pointer; fetch the file itself with git lfs pull"],
];

function foreign(start: Uint8Array): string {
  if (start.length === 0) return "an empty file";
  const known = foreigners.find(([bytes]) => begins(start, bytes))?.[1];
  const hex = Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
  return known ?? `bytes that begin ${hex.join(" ")}`;
}

function begins(start: Uint8Array, bytes: string): boolean {
  const length = Math.min(bytes.length, 16);
  if (start.length < length) return false;
  for (let i = 0; i < length; i++) if (start[i] !== bytes.charCodeAt(i)) return false;
  return true;
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
