import { type ByteSource, CheckpointError } from "./checkpoint.ts";

/**
 * Bytes in memory as a source; what it reads are views, not copies. A read beyond the end rejects.
 *
 * @throws {CheckpointError} (the source's `read`) when there are fewer bytes than asked for
 */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: async (offset, length) => {
      if (offset + length > bytes.length) throw pastEnd(name, offset + length, bytes.length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A read that a file is too short for. */
function pastEnd(name: string, expected: number, found: number): CheckpointError {
  return new CheckpointError(
    `Cannot read ${name}: expected at least ${expected} bytes, found ${found}`,
  );
}

/** An error about a file, or about one tensor in it: `detail` says what was expected and found. */
export function fault(source: string, detail: string, tensor?: string): CheckpointError {
  const what = tensor === undefined ? source : `tensor "${shortened(tensor, 200)}" of ${source}`;
  return new CheckpointError(`Cannot read ${what}: ${shortened(detail, 600)}`);
}

/** Text of a file can be as long as the file: its beginning and its end. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor(most / 4);
  return `${text.slice(0, most - end)} … ${text.slice(-end)}`;
}

/**
 * Most bytes that a packed file of `size` bytes may unpack to. Weights do not shrink a hundredfold, but a
 * small file of zeros does: beyond both it is a bomb.
 */
export function mostUnpacked(size: number): number {
  return Math.max(100 * size, 2 ** 25);
}

/** A view of `bytes` for numbers in little-endian order, whatever the alignment. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A copy of `bytes` with the bytes of every element of `size` bytes in reverse order. */
export function byteSwapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += size) {
    for (let i = 0; i < size; i++) out[start + i] = bytes[start + size - 1 - i]!;
  }
  return out;
}

/** An unsigned 64-bit little-endian integer; undefined beyond 2^53 − 1, where numbers are not exact. */
export function unsigned64(view: DataView, offset: number): number | undefined {
  const value = view.getBigUint64(offset, true);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

/** Text of UTF-8 bytes; undefined when they are not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
