import { fault, unsigned64, viewOf } from "../bytes.ts";
import type { ByteSource } from "../checkpoint.ts";

/** Where the directory of a zip archive lies. */
export interface ZipEnd {
  readonly offset: number;
  readonly size: number;
  /** Number of entries. */
  readonly count: number;
}

const endSize = 22;
const locatorSize = 20;
const wideEndSize = 56;

/**
 * Finds the directory from the record at the end of the file, or from the 64-bit record before it. What
 * both tell must agree, and the directory must end where these records begin.
 *
 * @throws {CheckpointError} when there is none, as in a file cut off, or it lies
 */
export async function endOf(source: ByteSource): Promise<ZipEnd> {
  const { name, size } = source;
  const tailSize = Math.min(size, endSize + 0xffff);
  const start = size - tailSize;
  const tail = viewOf(await source.read(start, tailSize));
  let at = tailSize - endSize;
  while (at >= 0 && !isEnd(tail, at)) at--;
  if (at < 0)
    throw fault(name, "expected a zip directory at the end, found none: it may be cut off");
  const disks = [tail.getUint16(at + 4, true), tail.getUint16(at + 6, true)];
  if (disks.some((disk) => disk !== 0 && disk !== 0xffff)) {
    throw fault(name, "expected a zip archive in one file, found one of several");
  }
  const narrow = {
    count: tail.getUint16(at + 10, true),
    size: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true),
  };
  const wideAt = await wideEnd(source, start + at);
  const end = wideAt === undefined ? narrow : await wideFrom(source, wideAt, narrow);
  const records = wideAt ?? start + at;
  if (end.offset + end.size !== records) {
    throw fault(
      name,
      `expected a zip directory that ends at byte ${records}, found ${end.offset + end.size}`,
    );
  }
  return end;
}

function isEnd(tail: DataView, at: number): boolean {
  const comment = tail.byteLength - at - endSize;
  return tail.getUint32(at, true) === 0x06054b50 && tail.getUint16(at + 20, true) === comment;
}

/** Where the 64-bit record begins, when a locator before the end record points to one. */
async function wideEnd(source: ByteSource, end: number): Promise<number | undefined> {
  if (end < locatorSize + wideEndSize) return undefined;
  const locator = viewOf(await source.read(end - locatorSize, locatorSize));
  if (locator.getUint32(0, true) !== 0x07064b50) return undefined;
  const at = unsigned64(locator, 8);
  if (at === undefined || at + wideEndSize !== end - locatorSize) {
    throw fault(
      source.name,
      `expected the 64-bit zip record at byte ${end - locatorSize - wideEndSize}, found it announced at ${at ?? "more than 2^53"}`,
    );
  }
  return at;
}

async function wideFrom(source: ByteSource, at: number, narrow: ZipEnd): Promise<ZipEnd> {
  const view = viewOf(await source.read(at, wideEndSize));
  if (view.getUint32(0, true) !== 0x06064b50) {
    throw fault(source.name, `expected the 64-bit zip record at byte ${at}, found other bytes`);
  }
  const wide = {
    count: unsigned64(view, 32),
    size: unsigned64(view, 40),
    offset: unsigned64(view, 48),
  };
  const agreed = (field: keyof ZipEnd, deferred: number): number => {
    const value = wide[field];
    if (value !== undefined && (narrow[field] === deferred || narrow[field] === value))
      return value;
    throw fault(
      source.name,
      `expected both zip records to agree on the directory's ${field}, found ${narrow[field]} and ${value ?? "more than 2^53"}`,
    );
  };
  return {
    count: agreed("count", 0xffff),
    size: agreed("size", 0xffffffff),
    offset: agreed("offset", 0xffffffff),
  };
}
