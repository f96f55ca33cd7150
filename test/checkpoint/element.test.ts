import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CheckpointError,
  type StoredType,
  storedOf,
  tensorOf,
} from "../../src/checkpoint/index.ts";
import type { Tensor } from "../../src/tensor/index.ts";

const vector = (...values: number[]): Tensor => ({
  shape: [values.length],
  data: Float64Array.from(values),
});
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const stored = (type: StoredType, ...values: number[]): string =>
  hex(storedOf(vector(...values), type).bytes);
const read = (type: StoredType, bytes: string, size: number): number[] => {
  const raw = Uint8Array.from(Buffer.from(bytes, "hex"));
  return [...tensorOf({ type, shape: [raw.length / size], bytes: raw }).data];
};

describe("elements are little-endian bytes of their type:", () => {
  test.for<[StoredType, number, string]>([
    ["F64", -1.5, "000000000000f8bf"],
    ["F32", -1.5, "0000c0bf"],
    ["F16", -1.5, "00be"],
    ["BF16", -1.5, "c0bf"],
    ["I64", -2, "feffffffffffffff"],
    ["I32", -2, "feffffff"],
    ["I16", -2, "feff"],
    ["I8", -2, "fe"],
    ["U64", 258, "0201000000000000"],
    ["U32", 258, "02010000"],
    ["U16", 258, "0201"],
    ["U8", 255, "ff"],
    ["BOOL", 1, "01"],
  ])("%s %s", ([type, value, bytes]) => {
    expect(stored(type, value)).toBe(bytes);
    expect(read(type, bytes, bytes.length / 2)).toEqual([value]);
  });

  test("at any offset of the buffer they lie in", () => {
    const buffer = new Uint8Array(9);
    buffer.set(storedOf(vector(-1.5), "F64").bytes, 1);
    expect(tensorOf({ type: "F64", shape: [], bytes: buffer.subarray(1) }).data[0]).toBe(-1.5);
  });

  test("any byte but 0 is true", () => {
    expect(read("BOOL", "00017f", 1)).toEqual([0, 1, 1]);
  });

  test("integers beyond 2^53 are the nearest float64", () => {
    expect(read("U64", "ffffffffffffffff", 8)).toEqual([2 ** 64]);
    expect(read("I64", "0100000000002000", 8)).toEqual([2 ** 53]);
  });
});

describe("16-bit floats", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
  const decoded = (type: "F16" | "BF16") =>
    tensorOf({ type, shape: [65536], bytes: new Uint8Array(all.buffer) });
  const backAgain = (type: "F16" | "BF16") =>
    new Uint16Array(storedOf(decoded(type), type).bytes.slice().buffer);
  const isNaNBits = (bits: number, infinity: number): boolean => (bits & 0x7fff) > infinity;

  test("every half is what its definition says, and comes back as the same bits", () => {
    const half = (bits: number): number => {
      const exponent = (bits >> 10) & 31;
      const fraction = bits & 1023;
      const ends = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
      const normal = (1 + fraction / 1024) * 2 ** (exponent - 15);
      const size = exponent === 0 ? fraction * 2 ** -24 : exponent === 31 ? ends : normal;
      return bits & 0x8000 ? -size : size;
    };
    expect(decoded("F16").data).toEqual(Float64Array.from(all, half));
    const back = backAgain("F16");
    expect(all.filter((bits) => back[bits] !== bits && !isNaNBits(bits, 0x7c00))).toHaveLength(0);
  });

  test("every bfloat16 is the upper half of a float32, and comes back as the same bits", () => {
    const upper = (bits: number) => new Float32Array(Uint16Array.of(0, bits).buffer)[0]!;
    expect(decoded("BF16").data).toEqual(Float64Array.from(all, upper));
    const back = backAgain("BF16");
    expect(all.filter((bits) => back[bits] !== bits && !isNaNBits(bits, 0x7f80))).toHaveLength(0);
  });

  test.for<["F16" | "BF16", number]>([
    ["F16", 65519.99],
    ["BF16", 3.39e38],
  ])("%s rounds to the nearest, ties to even", ([type, largest]) => {
    fc.assert(
      fc.property(fc.double({ min: -largest, max: largest, noNaN: true }), (value) => {
        const found = tensorOf(storedOf(vector(value), type)).data[0]!;
        const near = (by: number): number => {
          const bits = new Uint16Array(
            storedOf(vector(Math.abs(found)), type).bytes.slice().buffer,
          );
          if (bits[0]! + by < 0) return 0;
          const bytes = new Uint8Array(Uint16Array.of(bits[0]! + by).buffer);
          const other = tensorOf({ type, shape: [1], bytes }).data[0]!;
          return Number.isFinite(other) ? other : Infinity;
        };
        const error = Math.abs(Math.abs(value) - Math.abs(found));
        expect(error).toBeLessThanOrEqual(Math.abs(near(1) - Math.abs(value)));
        expect(error).toBeLessThanOrEqual(Math.abs(near(-1) - Math.abs(value)));
      }),
    );
    const step = type === "F16" ? 2 ** -10 : 2 ** -7;
    const rounded = (value: number): number => tensorOf(storedOf(vector(value), type)).data[0]!;
    expect(rounded(1 + step / 2)).toBe(1);
    expect(rounded(1 + (3 * step) / 2)).toBe(1 + 2 * step);
    expect(rounded(1 + step / 2 + 2 ** -40)).toBe(1 + step);
    expect(rounded(2 - step / 2)).toBe(2);
  });

  test("NaN and infinities are kept", () => {
    for (const type of ["F64", "F32", "F16", "BF16"] as const) {
      const { data } = tensorOf(storedOf(vector(Number.NaN, Infinity, -Infinity, -0), type));
      expect([...data]).toEqual([Number.NaN, Infinity, -Infinity, -0]);
    }
  });
});

test("float64 and float32 come back bit for bit", () => {
  fc.assert(
    fc.property(fc.float64Array(), fc.float32Array(), (wide, narrow) => {
      expect(tensorOf(storedOf({ shape: [wide.length], data: wide }, "F64")).data).toEqual(wide);
      const back = tensorOf(storedOf({ shape: [narrow.length], data: narrow }, "F32")).data;
      expect(Float32Array.from(back)).toEqual(narrow);
    }),
  );
});

test.for<[StoredType, number, string]>([
  ["F16", 65520, "numbers up to ±65504, found 65520 at position 1"],
  ["BF16", -3.4e38, "numbers up to ±3.3895313892515355e+38, found -3.4e+38 at position 1"],
  ["F32", 1e39, "numbers up to ±3.4028234663852886e38, found 1e+39 at position 1"],
  [
    "I64",
    2 ** 63,
    "whole numbers from -9223372036854776000 to 9223372036854775000, found 9223372036854776000 at position 1",
  ],
  ["I32", 0.5, "whole numbers from -2147483648 to 2147483647, found 0.5 at position 1"],
  ["I16", 32768, "whole numbers from -32768 to 32767, found 32768 at position 1"],
  ["I8", -129, "whole numbers from -128 to 127, found -129 at position 1"],
  ["U8", Number.NaN, "whole numbers from 0 to 255, found NaN at position 1"],
  ["U64", -1, "whole numbers from 0 to 18446744073709550000, found -1 at position 1"],
  ["BOOL", 2, "0 or 1, found 2 at position 1"],
])("storing as %s refuses %s", ([type, value, expected]) => {
  const store = () => storedOf(vector(0, value), type, "w");
  expect(store).toThrow(CheckpointError);
  expect(store).toThrow(`Cannot store tensor "w" as ${type}: expected ${expected}`);
});

test("decoding refuses bytes that are not the shape", () => {
  const bytes = new Uint8Array(7);
  expect(() => tensorOf({ type: "F32", shape: [2], bytes }, "w")).toThrow(
    'Cannot decode tensor "w": expected 8 bytes for F32 [2], found 7 bytes',
  );
  expect(() => tensorOf({ type: "F32", shape: [2 ** 30, 2 ** 30], bytes }, "w")).toThrow(
    "expected a valid shape for F32",
  );
});
