import { fault, viewOf } from "../bytes.ts";
import type { ByteSource } from "../checkpoint.ts";
import { crc32 } from "./crc32.ts";
import { elsewhere, type ZipEntry, zipDirectory } from "./directory.ts";
import { inflated } from "./inflate.ts";

const chunk = 1 << 20;

/** A zip archive whose files are read when asked for, whole or in part, and checked by their CRC. */
export class ZipArchive {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #source: ByteSource;
  readonly #verified = new Set<string>();

  private constructor(source: ByteSource, entries: ReadonlyMap<string, ZipEntry>) {
    this.#source = source;
    this.entries = entries;
  }

  /** @throws {CheckpointError} when the archive's directory is missing or lies */
  static async open(source: ByteSource): Promise<ZipArchive> {
    return new ZipArchive(source, await zipDirectory(source));
  }

  /**
   * Bytes `from` to `to` of a file in the archive; all of it without them.
   *
   * @throws {CheckpointError} when its header, length or CRC is not what the directory tells
   */
  async read(entry: ZipEntry, from = 0, to: number = entry.size): Promise<Uint8Array> {
    const start = await this.#start(entry);
    if (entry.deflated) {
      const whole = await inflated(this.#source, entry, start, entry.size);
      if (whole.length !== entry.size) {
        throw this.#fault(entry, `expected ${entry.size} bytes, found ${whole.length}`);
      }
      this.#check(entry, crc32(whole));
      // A copy of a part, so that who keeps a small one does not keep the whole.
      return from === 0 && to === entry.size ? whole : whole.slice(from, to);
    }
    if (from === 0 && to === entry.size) {
      const whole = await this.#source.read(start, entry.size);
      this.#check(entry, crc32(whole));
      return whole;
    }
    if (!this.#verified.has(entry.name)) {
      let crc = 0;
      for (let at = 0; at < entry.size; at += chunk) {
        const length = Math.min(chunk, entry.size - at);
        crc = crc32(await this.#source.read(start + at, length), crc);
      }
      this.#check(entry, crc);
    }
    return this.#source.read(start + from, to - from);
  }

  /** The first bytes of a file, at most `length`, not checked by CRC: enough to see what it is. */
  async head(entry: ZipEntry, length: number): Promise<Uint8Array> {
    const start = await this.#start(entry);
    const size = Math.min(length, entry.size);
    return entry.deflated
      ? inflated(this.#source, entry, start, size)
      : this.#source.read(start, size);
  }

  /**
   * Checks that a file of the archive is what the directory calls it, for one that will not be read: a
   * file whose name was changed in one of two places would else be overlooked.
   *
   * @throws {CheckpointError} when its own header tells otherwise
   */
  async verifyName(entry: ZipEntry): Promise<void> {
    await this.#start(entry);
  }

  /** Where the bytes of an entry begin, from its own header, which must tell what the directory tells. */
  async #start(entry: ZipEntry): Promise<number> {
    const fixed = viewOf(await this.#source.read(entry.offset, 30));
    if (fixed.getUint32(0, true) !== 0x04034b50) {
      throw this.#fault(entry, `expected its header at byte ${entry.offset}, found other bytes`);
    }
    const nameLength = fixed.getUint16(26, true);
    const start = entry.offset + 30 + nameLength + fixed.getUint16(28, true);
    if (start + entry.packed > entry.limit) {
      throw this.#fault(
        entry,
        `expected it to end before byte ${entry.limit}, found ${start + entry.packed}`,
      );
    }
    const name = await this.#source.read(entry.offset + 30, nameLength);
    if (new TextDecoder().decode(name) !== entry.name) {
      throw this.#fault(entry, "expected the same name in its header, found another");
    }
    if (fixed.getUint16(8, true) !== (entry.deflated ? 8 : 0)) {
      throw this.#fault(entry, "expected the same compression in its header, found another");
    }
    // With bit 3 the sizes follow the bytes and stand as 0 here.
    const sized = (fixed.getUint16(6, true) & 8) === 0;
    for (const [at, expected] of [
      [18, entry.packed],
      [22, entry.size],
    ] as const) {
      const found = fixed.getUint32(at, true);
      if (sized && found !== elsewhere && found !== expected) {
        throw this.#fault(entry, `expected ${expected} bytes in its header, found ${found}`);
      }
    }
    return start;
  }

  /** A CRC of 0 is what torch.save writes when told not to compute any. */
  #check(entry: ZipEntry, found: number): void {
    if (entry.crc32 !== 0 && found !== entry.crc32) {
      const hex = (crc: number): string => crc.toString(16).padStart(8, "0");
      throw this.#fault(entry, `expected CRC ${hex(entry.crc32)}, found ${hex(found)}`);
    }
    this.#verified.add(entry.name);
  }

  #fault(entry: ZipEntry, detail: string): Error {
    return fault(this.#source.name, `zip entry "${entry.name}": ${detail}`);
  }
}
