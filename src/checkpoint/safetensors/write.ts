import { CheckpointError, type StoredTensor } from "../checkpoint.ts";
import { elementSize, elementsOf } from "../element.ts";

/**
 * The bytes of a safetensors file that holds `tensors` under their names. The widest elements come
 * first, so that with a header padded to 8 bytes every tensor is aligned to its element size.
 *
 * @throws {CheckpointError} when a tensor's bytes are not product(shape) elements, or a tensor is
 * called `__metadata__`, which the format keeps for itself
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const order = [...tensors].sort(([, a], [, b]) => elementSize[b.type] - elementSize[a.type]);
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push(["__metadata__", metadata]);
  let offset = 0;
  for (const [name, tensor] of order) {
    check(name, tensor);
    const { type, shape, bytes } = tensor;
    entries.push([name, { dtype: type, shape, data_offsets: [offset, offset + bytes.length] }]);
    offset += bytes.length;
  }
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const padded = Math.ceil(header.length / 8) * 8;
  const file = new Uint8Array(8 + padded + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(0x20, 8, 8 + padded);
  file.set(header, 8);
  let at = 8 + padded;
  for (const [, { bytes }] of order) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

function check(name: string, { type, shape, bytes }: StoredTensor): void {
  if (name === "__metadata__") {
    throw new CheckpointError(
      'Cannot store tensor "__metadata__": expected a name the format does not keep for itself, found "__metadata__"',
    );
  }
  const count = elementsOf(shape);
  if (count === undefined || bytes.length !== count * elementSize[type]) {
    const expected = count === undefined ? "sizes" : `${count * elementSize[type]} bytes`;
    throw new CheckpointError(
      `Cannot store tensor "${name}": expected ${expected} for ${type} [${shape.join(", ")}], found ${bytes.length} bytes`,
    );
  }
}
