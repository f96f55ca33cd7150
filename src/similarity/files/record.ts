import { createHash } from "node:crypto";
import type { PairProducts } from "../index.ts";

/** First bytes of a record: what follows damage is found by them. */
const mark: Buffer = Buffer.from("\u00b7sim", "latin1");
/** Mark, length of the content. */
const head = 8;
/** Second network, rounding, exponent, number of outputs. */
const fixed = 32 + 8 + 4 + 4;
const seal = 16;

/**
 * One pair as bytes, little-endian: mark, length, hash of the second network, rounding (float64), exponent
 * (int32), number of outputs (uint32), slices (float64), seal. The seal is half of the SHA-256 of the
 * content and of the name of the file it is for, so that a record in the wrong place is none.
 */
export function recordOf(name: string, product: PairProducts): Buffer {
  const { second, slices, exponent, rounding } = product;
  const length = fixed + 8 * slices.length;
  const record = Buffer.alloc(head + length + seal);
  mark.copy(record);
  record.writeUInt32LE(length, mark.length);
  record.write(second, head, "hex");
  record.writeDoubleLE(rounding, head + 32);
  record.writeInt32LE(exponent, head + 40);
  record.writeUInt32LE(slices.length, head + 44);
  for (let i = 0; i < slices.length; i++) record.writeDoubleLE(slices[i]!, head + fixed + 8 * i);
  sealOf(name, record.subarray(mark.length, head + length)).copy(record, head + length);
  return record;
}

/** The whole records among some bytes, and how many runs of bytes are none. */
export function recordsIn(
  name: string,
  bytes: Buffer,
): { readonly products: readonly PairProducts[]; readonly damaged: number } {
  const products: PairProducts[] = [];
  let damaged = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(name, bytes, at);
    if (length === undefined) {
      damaged++;
      at = nextRecord(name, bytes, at + 1);
      continue;
    }
    const content = bytes.subarray(at + head, at + head + length);
    const slices = Float64Array.from({ length: (length - fixed) / 8 }, (_, i) =>
      content.readDoubleLE(fixed + 8 * i),
    );
    products.push({
      second: content.toString("hex", 0, 32),
      rounding: content.readDoubleLE(32),
      exponent: content.readInt32LE(40),
      slices,
    });
    at += head + length + seal;
  }
  return { products, damaged };
}

/** Where the next whole record begins; the end where there is none. */
function nextRecord(name: string, bytes: Buffer, from: number): number {
  let at = bytes.indexOf(mark, from);
  while (at >= 0 && lengthAt(name, bytes, at) === undefined) at = bytes.indexOf(mark, at + 1);
  return at < 0 ? bytes.length : at;
}

/** Length of the content of the record that begins here; undefined when none does, or it is damaged. */
function lengthAt(name: string, bytes: Buffer, at: number): number | undefined {
  if (at + head > bytes.length || !bytes.subarray(at, at + mark.length).equals(mark))
    return undefined;
  const length = bytes.readUInt32LE(at + mark.length);
  const end = at + head + length;
  if (length < fixed || end + seal > bytes.length) return undefined;
  if (
    !sealOf(name, bytes.subarray(at + mark.length, end)).equals(bytes.subarray(end, end + seal))
  ) {
    return undefined;
  }
  return bytes.readUInt32LE(at + head + 44) === (length - fixed) / 8 ? length : undefined;
}

function sealOf(name: string, content: Buffer): Buffer {
  return createHash("sha256").update(name).update(content).digest().subarray(0, seal);
}
