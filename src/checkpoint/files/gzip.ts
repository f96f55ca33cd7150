import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { mostUnpacked } from "../bytes.ts";
import { type ByteSource, bytesSource, CheckpointError } from "../index.ts";

/** Most bytes a file may unpack to, whatever its size: they are held in memory. */
const largestUnpacked: number = 2 ** 30;

const unpack = promisify(gunzip);

/** Whether a file is packed by gzip, by its first two bytes. */
export async function isGzip(source: ByteSource): Promise<boolean> {
  if (source.size < 2) return false;
  const [first, second] = await source.read(0, 2);
  return first === 0x1f && second === 0x8b;
}

/**
 * What a gzip file holds, unpacked in memory.
 *
 * @param most - bytes it may unpack to; default 2^25 or a hundred times the file, and never above 2^30
 * @throws {CheckpointError} when it ends early, is damaged, or unpacks to more than `most` bytes
 */
export async function unpackedSource(
  source: ByteSource,
  most: number = Math.min(mostUnpacked(source.size), largestUnpacked),
): Promise<ByteSource> {
  const { name, size } = source;
  const packed = await source.read(0, size);
  let bytes: Uint8Array;
  try {
    const { buffer, byteOffset, length } = await unpack(packed, { maxOutputLength: most });
    bytes = new Uint8Array(buffer, byteOffset, length);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const fault =
      code === "ERR_BUFFER_TOO_LARGE"
        ? `expected at most ${most} bytes when unpacked, found more`
        : `expected a whole gzip file, found ${message}`;
    throw new CheckpointError(`Cannot read ${name}: ${fault}`, { cause: error });
  }
  return bytesSource(bytes, name);
}

/** The bytes packed by gzip, as small as it can; the same bytes for the same content and zlib. */
export function packed(bytes: Uint8Array): Promise<Uint8Array> {
  return promisify(gzip)(bytes, { level: 9, memLevel: 9 });
}
