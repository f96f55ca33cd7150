import { opcode } from "../../src/checkpoint/pickle/opcode.ts";

/** Pieces of a pickle, put together by hand: the tests' own writer of the language. */
export type Piece = Buffer;

const join = (...pieces: readonly (Piece | readonly number[])[]): Piece =>
  Buffer.concat(pieces.map((piece) => (Buffer.isBuffer(piece) ? piece : Buffer.from(piece))));

/** Bytes of opcodes, numbers as they are. */
export const op = (...bytes: readonly number[]): Piece => Buffer.from(bytes);

export const u32 = (value: number): Piece => {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
};

export const u64 = (value: bigint): Piece => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(value);
  return out;
};

export const text = (value: string): Piece => {
  const bytes = Buffer.from(value);
  return join([opcode.BINUNICODE], u32(bytes.length), bytes);
};

export const int = (value: number): Piece => {
  const out = Buffer.alloc(4);
  out.writeInt32LE(value);
  return join([opcode.BININT], out);
};

export const float = (value: number): Piece => {
  const out = Buffer.alloc(8);
  out.writeDoubleBE(value);
  return join([opcode.BINFLOAT], out);
};

export const none: Piece = op(opcode.NONE);
export const no: Piece = op(opcode.NEWFALSE);
export const yes: Piece = op(opcode.NEWTRUE);

export const global = (module: string, name: string): Piece =>
  join([opcode.GLOBAL], Buffer.from(`${module}\n${name}\n`));

export const tuple = (...items: readonly Piece[]): Piece =>
  join([opcode.MARK], ...items, [opcode.TUPLE]);

export const list = (...items: readonly Piece[]): Piece =>
  join([opcode.EMPTY_LIST, opcode.MARK], ...items, [opcode.APPENDS]);

export const dict = (entries: Readonly<Record<string, Piece>>): Piece =>
  join(
    [opcode.EMPTY_DICT, opcode.MARK],
    ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]),
    [opcode.SETITEMS],
  );

export const call = (callable: Piece, ...args: readonly Piece[]): Piece =>
  join(callable, tuple(...args), [opcode.REDUCE]);

/** A whole pickle of one value. */
export const pickle = (value: Piece, protocol = 2): Uint8Array =>
  new Uint8Array(join([opcode.PROTO, protocol], value, [opcode.STOP]));

export { join };
