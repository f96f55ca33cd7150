import { CheckpointError } from "../checkpoint.ts";
import { crc32 } from "./crc32.ts";

/** Sizes and offsets of a zip file without 64-bit fields are below this. */
const most = 2 ** 32 - 1;

/** 1 January 1980, the first day there is in a zip file: the same content gives the same bytes. */
const firstDay = 0x0021;

/** Bytes of UTF-8 names, no encryption, sizes before the content. */
const utf8Names = 0x0800;

/**
 * A zip archive of these files, stored as they are; the same bytes for the same files.
 *
 * @throws {CheckpointError} when it would have 4 GiB or more
 */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const named = [...files].map(([name, bytes]) => ({
    name: new TextEncoder().encode(name),
    bytes,
  }));
  const contents = named.reduce((sum, { name, bytes }) => sum + 30 + name.length + bytes.length, 0);
  const directory = named.reduce((sum, { name }) => sum + 46 + name.length, 0);
  const size = contents + directory + 22;
  if (size > most) {
    throw new CheckpointError(
      `Cannot write a zip file: expected at most ${most} bytes, found ${size}`,
    );
  }
  const out = new Uint8Array(size);
  const fields = new Fields(out);
  const written: { readonly offset: number; readonly crc: number }[] = [];
  for (const { name, bytes } of named) {
    const crc = crc32(bytes);
    written.push({ offset: fields.at, crc });
    fields.wide(0x04034b50).short(20);
    common(fields, name, bytes, crc);
    fields.bytes(name).bytes(bytes);
  }
  for (const [i, { name, bytes }] of named.entries()) {
    const { offset, crc } = written[i]!;
    fields.wide(0x02014b50).short(20, 20);
    common(fields, name, bytes, crc);
    // No comment, first disk, no attributes.
    fields.short(0, 0, 0).wide(0, offset).bytes(name);
  }
  fields
    .wide(0x06054b50)
    .short(0, 0, named.length, named.length)
    .wide(directory, contents)
    .short(0);
  return out;
}

/** What a file's own header and the directory both tell of it, from the flags to the lengths. */
function common(fields: Fields, name: Uint8Array, bytes: Uint8Array, crc: number): void {
  fields.short(utf8Names, 0, 0, firstDay).wide(crc, bytes.length, bytes.length);
  fields.short(name.length, 0);
}

/** Writes little-endian fields one after the other. */
class Fields {
  at = 0;
  readonly #out: Uint8Array;
  readonly #view: DataView;

  constructor(out: Uint8Array) {
    this.#out = out;
    this.#view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  }

  short(...values: readonly number[]): this {
    for (const value of values) this.#view.setUint16(this.#advance(2), value, true);
    return this;
  }

  wide(...values: readonly number[]): this {
    for (const value of values) this.#view.setUint32(this.#advance(4), value, true);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#out.set(bytes, this.#advance(bytes.length));
    return this;
  }

  #advance(length: number): number {
    const { at } = this;
    this.at += length;
    return at;
  }
}
