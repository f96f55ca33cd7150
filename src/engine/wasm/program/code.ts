import type { Precision } from "../../../tensor/index.ts";
import { Heap } from "../heap.ts";
import { packedBytes, padded } from "../packed.ts";

/** What an instruction does, in the order of `Kind` in assembly/program.ts. */
const kinds = [
  "packRows",
  "packColumns",
  "product",
  "hadamard",
  "combine",
  "multiple",
  "scale",
  "copy",
  "shift",
  "turn",
  "dot",
  "rowDots",
  "outputRows",
  "outputColumns",
] as const;

/** Room for one packed matrix. */
export interface Storage {
  readonly bytes: number;
  /** Whether it outlasts a task: what is in it is used by the next. */
  readonly kept: boolean;
}

/** A packed matrix in a storage: where it begins, and the bytes between its panels. */
export interface Place {
  readonly storage: Storage;
  readonly offset: number;
  readonly stride: number;
}

/** See `Instruction` in assembly/program.ts; `z` is written to. */
export interface Instruction {
  readonly kind: (typeof kinds)[number];
  readonly a?: Place;
  readonly b?: Place;
  readonly z: Place;
  readonly rows: number;
  readonly inner: number;
  readonly other?: number;
  readonly from?: number;
  readonly slot?: number;
  readonly alpha?: number;
  readonly beta?: number;
}

/** `HEAD` and `INSTRUCTION` in assembly/program.ts. */
const head = 64;
const instructionBytes = 64;
/** Bytes that may be read beyond the last matrix: a panel is turned whole. */
const margin = 256;

/** A new storage for a packed matrix [rows, inner], padded to whole panels both ways. */
export function storageFor(rows: number, inner: number, precision: Precision, kept = false): Place {
  const across = padded(inner, precision);
  const storage = { bytes: packedBytes(rows, across, precision), kept };
  return { storage, offset: 0, stride: across * 32 };
}

/** Instructions as the kernels read them, and the bytes of scratch memory they need. */
export interface Code {
  readonly bytes: Uint8Array;
  readonly scratch: number;
}

/**
 * Puts instructions into bytes: leaves out those whose result nothing uses, and gives each matrix a
 * place in the scratch memory that is another's again once it is no longer needed.
 */
export function encode(instructions: readonly Instruction[]): Code {
  const used = needed(instructions);
  const { at, scratch } = laidOut(used);
  const bytes = new Uint8Array(head + used.length * instructionBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, used.length, true);
  used.forEach(({ kind, a, b, z, rows, inner, other = 0, from = 0, slot = 0, ...factors }, i) => {
    const to = head + i * instructionBytes;
    const places = [a, b, z].flatMap((place) =>
      place ? [at.get(place.storage)! + place.offset, place.stride] : [0, 0],
    );
    [kinds.indexOf(kind), ...places, rows, inner, other, from, slot].forEach((word, k) => {
      view.setUint32(to + 4 * k, word, true);
    });
    view.setFloat64(to + 48, factors.alpha ?? 0, true);
    view.setFloat64(to + 56, factors.beta ?? 0, true);
  });
  return { bytes, scratch };
}

function isOutput({ kind }: Instruction): boolean {
  return kind === "outputRows" || kind === "outputColumns";
}

/** The instructions that an output depends on. */
function needed(instructions: readonly Instruction[]): readonly Instruction[] {
  const read = new Set<Storage>();
  const used = instructions.toReversed().filter((instruction) => {
    const { a, b, z } = instruction;
    if (!isOutput(instruction) && !read.has(z.storage)) return false;
    if (a) read.add(a.storage);
    if (b) read.add(b.storage);
    return true;
  });
  return used.reverse();
}

/** An offset for each storage: those that are kept first, the others for as long as they are used. */
function laidOut(instructions: readonly Instruction[]) {
  const heap = new Heap(0, Number.POSITIVE_INFINITY);
  const at = new Map<Storage, number>();
  let scratch = 0;
  const take = (storage: Storage) => {
    if (at.has(storage)) return;
    const offset = heap.take(storage.bytes)!;
    at.set(storage, offset);
    scratch = Math.max(scratch, offset + storage.bytes);
  };
  const last = new Map<Storage, number>();
  instructions.forEach(({ a, b, z }, i) => {
    for (const place of [a, b, z]) if (place) last.set(place.storage, i);
  });
  for (const storage of last.keys()) if (storage.kept) take(storage);
  instructions.forEach(({ a, b, z }, i) => {
    take(z.storage);
    const places = [a, b, z].flatMap((place) => (place ? [place.storage] : []));
    for (const storage of new Set(places)) {
      if (!storage.kept && last.get(storage) === i) heap.give(at.get(storage)!);
    }
  });
  return { at, scratch: scratch + margin };
}
