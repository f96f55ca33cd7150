import { byteSwapped, fault, utf8 } from "../bytes.ts";
import type { ByteSource, CheckpointIndex } from "../checkpoint.ts";
import { contentsOf } from "../contents.ts";
import { elementSize } from "../element.ts";
import { unpickled } from "../pickle/machine.ts";
import { PickleError } from "../pickle/stream.ts";
import { type PickleValue, Refusal } from "../pickle/value.ts";
import { contiguous, spanOf } from "../strided.ts";
import type { ZipArchive } from "../zip/archive.ts";
import type { ZipEntry } from "../zip/directory.ts";
import { allowedGlobals } from "./allowed.ts";
import { stateOf } from "./state.ts";
import { type Storage, storageOf } from "./storage.ts";
import type { TorchTensor } from "./tensor.ts";

/** Larger than the description of any model's tensors. */
const pickleLimit = 1 << 26;

/**
 * What is read for all tensors together may be this many times the file: views may share storage, but not
 * without end.
 */
const sharingLimit = 64;

/** The entry of a torch zip archive that describes its tensors, if it is one: `name/data.pkl`. */
export function pickleEntry(archive: ZipArchive): ZipEntry | undefined {
  return [...archive.entries.values()].find(({ name }) => /^[^/]*\/?data\.pkl$/.test(name));
}

/**
 * What a PyTorch zip checkpoint holds. The pickle in it is read by its grammar, nothing of it is run.
 *
 * @throws {CheckpointError} when the pickle does more than describe tensors, with opcode and position;
 * when a storage is missing or of another size; when there are no tensors
 */
export async function readTorch(
  source: ByteSource,
  archive: ZipArchive,
  pickle: ZipEntry,
): Promise<CheckpointIndex> {
  const { name } = source;
  const folder = pickle.name.slice(0, -"data.pkl".length);
  for (const entry of archive.entries.values()) {
    if (!entry.name.startsWith(`${folder}data/`)) await archive.verifyName(entry);
  }
  if (archive.entries.has(`${folder}constants.pkl`)) {
    throw fault(
      name,
      "expected a state dict, found a TorchScript program; save model.state_dict()",
    );
  }
  if (pickle.size > pickleLimit) {
    throw fault(name, `expected data.pkl of at most ${pickleLimit} bytes, found ${pickle.size}`);
  }
  const swap = await bigEndian(source, archive, folder);
  const { tensors, metadata, ignored } = explained(name, await archive.read(pickle));
  let bytes = 0;
  for (const [tensorName, tensor] of tensors) {
    const entry = entryOf(name, archive, folder, tensor.storage, tensorName);
    bytes += Math.max(bytesOf(tensor), spanBytes(tensor), entry.deflated ? entry.size : 0);
  }
  if (bytes > sharingLimit * source.size) {
    throw fault(
      name,
      `expected tensors of at most ${sharingLimit} times the file, found ${bytes} bytes`,
    );
  }
  return contentsOf(source, {
    format: "torch",
    tensors,
    metadata,
    ignored,
    bytes: async (tensor, tensorName) => {
      const entry = entryOf(name, archive, folder, tensor.storage, tensorName);
      const size = elementSize[tensor.type];
      const from = tensor.offset * size;
      const span = spanBytes(tensor);
      const stored = await archive.read(entry, from, from + span);
      const ordered = contiguous(stored, size, tensor.shape, tensor.strides);
      return swap ? byteSwapped(ordered, size) : ordered;
    },
  });
}

function explained(source: string, bytes: Uint8Array): ReturnType<typeof stateOf> {
  try {
    const root: PickleValue = unpickled(bytes, {
      global: (module, name) => allowedGlobals.get(`${module}.${name}`),
      persistent: storageOf,
    });
    return stateOf(root);
  } catch (error) {
    if (error instanceof PickleError) {
      throw fault(
        source,
        `${error.message}. Nothing of the file was run; what can be read is torch.save(model.state_dict(), file)`,
      );
    }
    if (error instanceof Refusal) throw fault(source, error.message);
    throw error;
  }
}

/** The archive's file that holds a storage, whose size must be what the storage claims. */
function entryOf(
  source: string,
  archive: ZipArchive,
  folder: string,
  storage: Storage,
  tensor: string,
): ZipEntry {
  const name = `${folder}data/${storage.key}`;
  const entry = archive.entries.get(name);
  if (entry === undefined) throw fault(source, `expected zip entry "${name}", found none`, tensor);
  const expected = storage.count * (storage.type === undefined ? 1 : elementSize[storage.type]);
  if (entry.size === expected) return entry;
  throw fault(
    source,
    `expected ${expected} bytes of ${storage.count} elements in zip entry "${name}", found ${entry.size}`,
    tensor,
  );
}

function bytesOf({ shape, type }: TorchTensor): number {
  return shape.reduce((product, axis) => product * axis, elementSize[type]);
}

/** From the first byte of a view to its last. */
function spanBytes({ shape, strides, type }: TorchTensor): number {
  return spanOf(shape, strides) * elementSize[type];
}

async function bigEndian(
  source: ByteSource,
  archive: ZipArchive,
  folder: string,
): Promise<boolean> {
  const entry = archive.entries.get(`${folder}byteorder`);
  // Older files do not tell; they are of machines that store the low byte first.
  if (entry === undefined) return false;
  const order = entry.size <= 16 ? utf8(await archive.read(entry)) : undefined;
  if (order === "little" || order === "big") return order === "big";
  throw fault(
    source.name,
    `expected byteorder little or big, found ${JSON.stringify(order ?? "other bytes")}`,
  );
}
