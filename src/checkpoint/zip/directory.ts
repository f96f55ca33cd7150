import { fault, mostUnpacked, unsigned64, utf8, viewOf } from "../bytes.ts";
import type { ByteSource } from "../checkpoint.ts";
import { endOf } from "./end.ts";

/** One file in a zip archive, as the archive's directory tells. */
export interface ZipEntry {
  readonly name: string;
  /** True when its bytes are compressed (deflate); else they are stored as they are. */
  readonly deflated: boolean;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly crc32: number;
  /** Where its own header begins. */
  readonly offset: number;
  /** Where the next entry, or the directory, begins: its bytes end before. */
  readonly limit: number;
}

/** The most that deflate can shrink anything. */
const largestRatio = 1032;

/** True where a 32-bit field says that the value stands in the 64-bit extra field. */
export const elsewhere = 0xffffffff;

/**
 * The files of a zip archive, from its directory. Refused are archives that lie or that readers could
 * understand in two ways: sizes and offsets outside the file, entries that overlap or occur twice,
 * claims no compression can meet, bombs, encryption, several disks, names that leave their folder.
 *
 * @throws {CheckpointError} naming the entry and the field
 */
export async function zipDirectory(source: ByteSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const end = await endOf(source);
  const bytes = await source.read(end.offset, end.size);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const { entry, next } = entryAt(source.name, bytes, at, end.offset);
    entries.push(entry);
    at = next;
  }
  if (entries.length !== end.count) {
    throw fault(source.name, `expected ${end.count} zip entries, found ${entries.length}`);
  }
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  const most = mostUnpacked(source.size);
  if (total > most) {
    throw fault(source.name, `expected at most ${most} bytes when unpacked, found ${total}`);
  }
  return separate(source.name, entries, end.offset);
}

function entryAt(
  source: string,
  bytes: Uint8Array,
  at: number,
  directory: number,
): { entry: Omit<ZipEntry, "limit"> & { limit: number }; next: number } {
  const view = viewOf(bytes);
  const cut = (): Error => fault(source, "the zip directory is cut off");
  if (at + 46 > bytes.length) throw cut();
  if (view.getUint32(at, true) !== 0x02014b50) {
    throw fault(source, `expected a zip entry at byte ${directory + at}, found other bytes`);
  }
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const extraAt = at + 46 + nameLength;
  const next = extraAt + extraLength + view.getUint16(at + 32, true);
  if (next > bytes.length) throw cut();
  const name = nameOf(source, bytes.subarray(at + 46, extraAt));
  const refuse = (expected: string, found: string | number): never => {
    throw fault(source, `zip entry "${name}": expected ${expected}, found ${found}`);
  };
  const flags = view.getUint16(at + 8, true);
  if (flags & 0x41) refuse("no encryption", "an encrypted entry");
  if (view.getUint16(at + 34, true) !== 0) refuse("one disk", "several");
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8) refuse("stored or deflated bytes", `method ${method}`);
  const wide = wideFields(bytes.subarray(extraAt, extraAt + extraLength));
  const field = (offset: number, what: string): number => {
    const value = view.getUint32(at + offset, true);
    if (value !== elsewhere) return value;
    return wide.shift() ?? refuse(`a 64-bit ${what}`, "none below 2^53");
  };
  const size = field(24, "size");
  const packed = field(20, "packed size");
  const offset = field(42, "offset");
  if (method === 0 && packed !== size) refuse(`${size} stored bytes`, packed);
  const most = packed * largestRatio;
  if (size > most) refuse(`at most ${most} bytes from ${packed} packed`, size);
  const crc32 = view.getUint32(at + 16, true);
  return {
    entry: { name, deflated: method === 8, packed, size, crc32, offset, limit: directory },
    next,
  };
}

/** The 64-bit numbers of the zip64 extra field: those the 32-bit fields leave to it, in their order. */
function wideFields(extra: Uint8Array): (number | undefined)[] {
  const view = viewOf(extra);
  let at = 0;
  while (at + 4 <= extra.length) {
    const length = view.getUint16(at + 2, true);
    const start = at + 4;
    if (view.getUint16(at, true) === 1 && start + length <= extra.length) {
      return Array.from({ length: length >> 3 }, (_, i) => unsigned64(view, start + 8 * i));
    }
    at = start + length;
  }
  return [];
}

function nameOf(source: string, bytes: Uint8Array): string {
  const name = utf8(bytes);
  if (name === undefined) throw fault(source, "expected zip names in UTF-8, found other bytes");
  if (/^[/\\]|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/.test(name)) {
    throw fault(source, `expected zip names inside the archive, found ${JSON.stringify(name)}`);
  }
  return name;
}

/** Entries by name, once each, none reaching into the next. */
function separate(
  source: string,
  entries: readonly ZipEntry[],
  directory: number,
): ReadonlyMap<string, ZipEntry> {
  const order = [...entries].sort((a, b) => a.offset - b.offset);
  const limits = new Map<string, number>();
  for (const [i, { name, offset, packed }] of order.entries()) {
    const limit = order[i + 1]?.offset ?? directory;
    // A header of 30 bytes and the name come before the bytes of an entry.
    if (offset + 30 + name.length + packed > limit) {
      const found = offset + 30 + name.length + packed;
      throw fault(
        source,
        `zip entry "${name}": expected it to end before byte ${limit}, found ${found}`,
      );
    }
    if (limits.has(name)) throw fault(source, `expected zip entry "${name}" once, found it twice`);
    limits.set(name, limit);
  }
  return new Map(
    entries.map((entry) => [entry.name, { ...entry, limit: limits.get(entry.name)! }]),
  );
}
