import type { Json } from "./json.ts";
import { Packer } from "./pack.ts";
import { FrameError } from "./transfer.ts";
import { Unpacker } from "./unpack.ts";

/*
 * A frame, little-endian:
 *
 *   u32            length of the head in bytes
 *   head           UTF-8 JSON {"message": tree, "buffers": [byte lengths]}
 *   zero to seven  zero bytes, up to a multiple of 8
 *   buffers        each at a multiple of 8, zeros between
 */

/** A message with its typed arrays left as `{$: kind, b: index}`: enough to route it by. */
export interface FrameHead {
  readonly message: Json;
  /** Byte lengths of the raw buffers. */
  readonly buffers: readonly number[];
}

/**
 * A message as bytes. Typed arrays travel as raw bytes; Map, Set, Date, BigInt, RegExp, Error (name
 * and message), undefined, NaN, ±Infinity, −0 and sparse arrays keep what they are.
 *
 * @throws {TransferError} when a part cannot travel, naming it: functions, symbols, instances of
 *   classes without a `Symbol.for("simile.transfer")` method, cycles
 */
export function encode(message: unknown): Uint8Array<ArrayBuffer> {
  const packer = new Packer();
  const tree = packer.pack(message, []);
  const lengths = packer.buffers.map((buffer) => buffer.length);
  const head = new TextEncoder().encode(JSON.stringify({ message: tree, buffers: lengths }));
  const start = align(4 + head.length);
  const frame = new Uint8Array(lengths.reduce((end, length) => align(end) + length, start));
  new DataView(frame.buffer).setUint32(0, head.length, true);
  frame.set(head, 4);
  let at = start;
  for (const buffer of packer.buffers) {
    frame.set(buffer, at);
    at = align(at + buffer.length);
  }
  return frame;
}

/**
 * The message of a frame. Typed arrays are views of the frame's memory, not copies, when `bytes`
 * begins at a multiple of 8 of its buffer; else the frame is copied once.
 *
 * @throws {FrameError} when the bytes are no frame: nothing is read outside of them
 */
export function decode(bytes: Uint8Array): unknown {
  const { head, start } = open(bytes);
  const aligned =
    bytes.byteOffset % 8 === 0 && bytes.buffer instanceof ArrayBuffer
      ? (bytes as Uint8Array<ArrayBuffer>)
      : new Uint8Array(bytes);
  let at = start;
  const buffers = head.buffers.map((length) => {
    const buffer = aligned.subarray(at, at + length);
    at = align(at + length);
    return buffer;
  });
  return new Unpacker(buffers).unpack(head.message);
}

/**
 * The head of a frame, its buffers left alone: to route a message without reading its values.
 *
 * @throws {FrameError} when the bytes are no frame
 */
export function head(bytes: Uint8Array): FrameHead {
  return open(bytes).head;
}

function open(bytes: Uint8Array): { head: FrameHead; start: number } {
  if (bytes.length < 4) throw new FrameError(`expected at least 4 bytes, found ${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > bytes.length - 4) {
    throw new FrameError(`expected a head of ${length} bytes, found ${bytes.length - 4}`);
  }
  const read = parse(bytes.subarray(4, 4 + length));
  const start = align(4 + length);
  const end = read.buffers.reduce((at, buffer) => align(at) + buffer, start);
  if (end !== bytes.length) {
    throw new FrameError(`expected ${end} bytes, found ${bytes.length}`);
  }
  return { head: read, start };
}

function parse(bytes: Uint8Array): FrameHead {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw new FrameError(`the head is not JSON (${(error as Error).message})`);
  }
  if (!isHead(read)) {
    throw new FrameError("expected a head with a message and the lengths of its buffers");
  }
  return read;
}

function isHead(value: unknown): value is FrameHead {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "message")) return false;
  const { buffers } = value as { buffers?: unknown };
  return (
    Array.isArray(buffers) &&
    buffers.every((length) => Number.isSafeInteger(length) && length >= 0 && length < 2 ** 40)
  );
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
