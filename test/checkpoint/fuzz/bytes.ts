import type { Random } from "../../../src/tensor/index.ts";

/** A file as it was made, and how. */
export interface Mutant {
  readonly bytes: Uint8Array;
  readonly how: string;
}

/** Numbers at the edges of what fields hold. */
export const edges: readonly number[] = [
  0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
  0xfffffffe, 0xffffffff,
];

export function pick<Entry>(random: Random, entries: readonly Entry[]): Entry {
  return entries[random.integer(entries.length)]!;
}

/** A place from 0 to `length`, half the time near the start or the end, where the headers are. */
function place(random: Random, length: number): number {
  if (length === 0) return 0;
  const near = Math.min(length, 200);
  const which = random.integer(4);
  if (which === 0) return random.integer(near);
  if (which === 1) return length - 1 - random.integer(near);
  return random.integer(length);
}

type Change = (bytes: Buffer, random: Random) => { bytes: Uint8Array; how: string };

const changes: readonly Change[] = [
  (bytes, random) => {
    const at = place(random, bytes.length);
    const bit = random.integer(8);
    if (bytes.length > 0) bytes[at]! ^= 1 << bit;
    return { bytes, how: `bit ${bit} of byte ${at} flipped` };
  },
  (bytes, random) => {
    const [at, value] = [place(random, bytes.length), random.integer(256)];
    if (bytes.length > 0) bytes[at] = value;
    return { bytes, how: `byte ${at} set to ${value}` };
  },
  (bytes, random) => {
    const length = place(random, bytes.length + 1);
    return { bytes: bytes.subarray(0, length), how: `cut off at ${length}` };
  },
  (bytes, random) => {
    const from = place(random, bytes.length + 1);
    return { bytes: bytes.subarray(from), how: `begun at ${from}` };
  },
  (bytes, random) => {
    const count = 1 + random.integer(64);
    const tail = Buffer.from(Array.from({ length: count }, () => random.integer(256)));
    return { bytes: Buffer.concat([bytes, tail]), how: `${count} bytes behind` };
  },
  (bytes, random) => {
    const [from, to] = [place(random, bytes.length), place(random, bytes.length)].sort(
      (a, b) => a - b,
    );
    const [chunk, at] = [bytes.subarray(from, to), place(random, bytes.length)];
    return {
      bytes: Buffer.concat([bytes.subarray(0, at), chunk, bytes.subarray(at)]),
      how: `bytes ${from} to ${to} again at ${at}`,
    };
  },
  (bytes, random) => {
    const [from, to] = [place(random, bytes.length), place(random, bytes.length)].sort(
      (a, b) => a - b,
    );
    return {
      bytes: Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]),
      how: `without bytes ${from} to ${to}`,
    };
  },
  (bytes, random) => {
    const [a, b, c] = [0, 0, 0].map(() => place(random, bytes.length)).sort((x, y) => x - y);
    return {
      bytes: Buffer.concat([
        bytes.subarray(0, a),
        bytes.subarray(b, c),
        bytes.subarray(a, b),
        bytes.subarray(c),
      ]),
      how: `bytes ${a} to ${b} and ${b} to ${c} exchanged`,
    };
  },
  (bytes, random) => {
    const size = pick(random, [2, 4, 8]);
    const value = pick(random, [...edges, bytes.length - 1, bytes.length, bytes.length + 1]);
    const at = place(random, Math.max(bytes.length - size, 0));
    if (bytes.length < at + size) return { bytes, how: "nothing" };
    if (size === 2) bytes.writeUInt16LE(value & 0xffff, at);
    else if (size === 4) bytes.writeUInt32LE(value, at);
    else bytes.writeBigUInt64LE(BigInt(value) << BigInt(pick(random, [0, 1, 21, 31])), at);
    return { bytes, how: `${size} bytes at ${at} set to ${value}` };
  },
  (bytes, random) => {
    const text = bytes.toString("latin1");
    const digits = [...text.matchAll(/\d+/g)].filter(({ index }) => index < 4096);
    if (digits.length === 0) return { bytes, how: "nothing" };
    const found = pick(random, digits);
    const value = pick(random, [
      "0",
      "-1",
      "1e9",
      "4294967296",
      "9007199254740993",
      "9".repeat(40),
    ]);
    const changed = text.slice(0, found.index) + value + text.slice(found.index + found[0].length);
    return {
      bytes: Buffer.from(changed, "latin1"),
      how: `number at ${found.index} written ${value}`,
    };
  },
];

/** One to three changes to the bytes of a file that know nothing of its format. */
export function changed(bytes: Uint8Array, random: Random): Mutant {
  let current: Mutant = { bytes, how: "" };
  for (let count = 1 + random.integer(3); count > 0; count--) {
    const { bytes: next, how } = pick(random, changes)(Buffer.from(current.bytes), random);
    current = { bytes: new Uint8Array(next), how: current.how ? `${current.how}, ${how}` : how };
  }
  return current;
}
