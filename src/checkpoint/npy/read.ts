import { byteSwapped } from "../bytes.ts";
import type { ByteSource, CheckpointIndex } from "../checkpoint.ts";
import { contentsOf } from "../contents.ts";
import { elementSize } from "../element.ts";
import { contiguous, rowMajor } from "../strided.ts";
import { type NpyHeader, npyHeader, npyStart, prefixLength } from "./header.ts";

/**
 * The one array of a .npy file, called "array".
 *
 * @throws {CheckpointError} as `npyHeader`
 */
export async function readNpy(source: ByteSource): Promise<CheckpointIndex> {
  const { name, size } = source;
  const start = npyStart(name, await source.read(0, Math.min(prefixLength, size)));
  const header = npyHeader(name, await source.read(0, Math.min(start, size)), size);
  return contentsOf(source, {
    format: "npy",
    tensors: new Map([["array", header]]),
    metadata: {},
    bytes: async () => rowMajorBytes(header, await source.read(header.start, header.length)),
  });
}

/** An array's bytes, row-major and little-endian. */
export function rowMajorBytes(header: NpyHeader, bytes: Uint8Array): Uint8Array {
  const { type, shape, fortran, bigEndian } = header;
  const size = elementSize[type];
  const strides = rowMajor(shape.toReversed()).toReversed();
  const ordered = fortran ? contiguous(bytes, size, shape, strides) : bytes;
  return bigEndian ? byteSwapped(ordered, size) : ordered;
}
