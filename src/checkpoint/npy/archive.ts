import { fault } from "../bytes.ts";
import type { ByteSource, CheckpointIndex } from "../checkpoint.ts";
import { contentsOf } from "../contents.ts";
import { tensorOf } from "../element.ts";
import type { ZipArchive } from "../zip/archive.ts";
import type { ZipEntry } from "../zip/directory.ts";
import { type NpyHeader, npyHeader, npyStart, prefixLength } from "./header.ts";
import { rowMajorBytes } from "./read.ts";

interface NpzArray extends NpyHeader {
  readonly entry: ZipEntry;
}

/** Arrays of one number that tell when the weights were saved, and are none. */
const counters = ["step", "global_step", "training_step", "iteration", "iter", "epoch"];

/**
 * The arrays of a .npz archive under their names; single numbers called `step` or the like become
 * metadata. Files in it that are not .npy are ignored by name.
 *
 * @throws {CheckpointError} naming the array whose header lies or holds no numbers
 */
export async function readNpz(source: ByteSource, archive: ZipArchive): Promise<CheckpointIndex> {
  const { name } = source;
  const tensors = new Map<string, NpzArray>();
  const ignored: string[] = [];
  for (const entry of archive.entries.values()) {
    if (entry.name.endsWith(".npy")) {
      const tensor = entry.name.slice(0, -".npy".length);
      const start = npyStart(name, await archive.head(entry, prefixLength), tensor);
      const header = npyHeader(name, await archive.head(entry, start), entry.size, tensor);
      tensors.set(tensor, { ...header, entry });
    } else {
      await archive.verifyName(entry);
      if (!entry.name.endsWith("/")) ignored.push(entry.name);
    }
  }
  const bytes = async (array: NpzArray): Promise<Uint8Array> => {
    const whole = await archive.read(array.entry);
    // The header was seen before its CRC was checked: it must be the same still.
    const header = npyHeader(name, whole, array.entry.size);
    if (header.start !== array.start || header.length !== array.length) {
      throw fault(name, `zip entry "${array.entry.name}" changed while it was read`);
    }
    return rowMajorBytes(header, whole.subarray(header.start));
  };
  const metadata: [string, string][] = [];
  for (const [tensor, array] of tensors) {
    if (array.shape.length > 0 || !counters.includes(tensor)) continue;
    const [value] = tensorOf({ ...array, bytes: await bytes(array) }, tensor).data;
    metadata.push([tensor, String(value)]);
    tensors.delete(tensor);
  }
  return contentsOf(source, {
    format: "npz",
    tensors,
    metadata: Object.fromEntries(metadata),
    ignored,
    bytes,
  });
}
