import type { Tensor } from "../../tensor/index.ts";
import { byteSwapped } from "../bytes.ts";
import { littleEndianHost } from "../element.ts";
import { writeZip } from "../zip/write.ts";

/** An array of a .npz file: numbers in a shape, whole numbers, texts, or one text (an array of no axis). */
export type NpzValue = Pick<Tensor, "shape" | "data"> | BigInt64Array | readonly string[] | string;

/** Where the numbers of a .npy file begin is a multiple of this, as NumPy writes them. */
const alignment = 64;

/**
 * A NumPy .npz file, not compressed, that `numpy.load` reads: float64 and float32 arrays as they are,
 * `BigInt64Array` as int64, texts as Unicode arrays. The same bytes for the same arrays.
 *
 * @throws {CheckpointError} when the file would have 4 GiB or more
 */
export function writeNpz(
  arrays: ReadonlyMap<string, NpzValue> | Readonly<Record<string, NpzValue>>,
): Uint8Array {
  const entries = arrays instanceof Map ? [...arrays] : Object.entries(arrays);
  return writeZip(new Map(entries.map(([name, value]) => [`${name}.npy`, npyOf(value)] as const)));
}

function npyOf(value: NpzValue): Uint8Array {
  if (typeof value === "string") return unicode([value], []);
  if (value instanceof BigInt64Array) return npy("<i8", [value.length], value, 8);
  if ("data" in value) {
    const wide = value.data instanceof Float64Array;
    return npy(wide ? "<f8" : "<f4", value.shape, value.data, wide ? 8 : 4);
  }
  return unicode(value, [value.length]);
}

/** Texts in UTF-32, each padded with zeros to the longest; NumPy takes the zeros off again. */
function unicode(texts: readonly string[], shape: readonly number[]): Uint8Array {
  const points = texts.map((text) => Array.from(text, (sign) => sign.codePointAt(0)!));
  const length = points.reduce((most, { length }) => Math.max(most, length), 1);
  const data = new Uint32Array(length * texts.length);
  for (const [i, signs] of points.entries()) data.set(signs, i * length);
  return npy(`<U${length}`, shape, data, 4);
}

function npy(
  descr: string,
  shape: readonly number[],
  data: ArrayBufferView,
  elementSize: number,
): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const fields = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  const start = Math.ceil((10 + fields.length + 1) / alignment) * alignment;
  const header = `${fields.padEnd(start - 11)}\n`;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const out = new Uint8Array(start + bytes.length);
  out.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(out.buffer).setUint16(8, header.length, true);
  out.set(new TextEncoder().encode(header), 10);
  out.set(littleEndianHost ? bytes : byteSwapped(bytes, elementSize), start);
  return out;
}
