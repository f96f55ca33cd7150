import { utf8, viewOf } from "../bytes.ts";
import { opcodeName } from "./opcode.ts";

/** Thrown when bytes are not a pickle we read; says which opcode at which byte. */
export class PickleError extends Error {
  override readonly name = "PickleError";
}

/** The bytes of a pickle, read opcode by opcode; knows where it is when something is wrong. */
export class PickleStream {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  /** Where the next byte is read. */
  private at = 0;
  /** Where the opcode being run begins. */
  private start = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  opcode(): number {
    this.start = this.at;
    return this.bytes[this.take(1)]!;
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** A length in 64 bits, which must lie in the bytes left. */
  length64(): number {
    const length = this.view.getBigUint64(this.take(8), true);
    if (length > BigInt(this.left)) this.refuse(`at most ${this.left} bytes`, String(length));
    return Number(length);
  }

  /** The one number of the language that is big-endian. */
  float64(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  /** A whole number in two's complement, as a number where that is exact. */
  long(length: number): number | bigint {
    if (length > 256) this.refuse("a whole number of at most 256 bytes", `${length} bytes`);
    let value = 0n;
    for (const byte of this.raw(length).toReversed()) value = (value << 8n) | BigInt(byte);
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  text(length: number): string {
    const text = utf8(this.raw(length));
    if (text === undefined) this.refuse("text in UTF-8", "other bytes");
    return text;
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end === -1) this.refuse("a line", "the end");
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  raw(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  refuse(expected: string, found: string): never {
    throw this.error(`expected ${expected}, found ${found}`);
  }

  error(detail: string): PickleError {
    const code = this.bytes[this.start];
    const name = code === undefined ? "the end" : opcodeName(code);
    return new PickleError(`pickle opcode ${name} at byte ${this.start}: ${detail}`);
  }

  /** Where the next `count` bytes begin; they are read. */
  private take(count: number): number {
    const start = this.at;
    if (count > this.left) this.refuse(`at least ${count} bytes after it`, String(this.left));
    this.at += count;
    return start;
  }
}
