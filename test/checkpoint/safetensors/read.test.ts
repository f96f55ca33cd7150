import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytesSource,
  CheckpointError,
  indexCheckpoint,
  readCheckpoint,
  tensorOf,
  weightsOf,
  writeSafetensors,
} from "../../../src/checkpoint/index.ts";
import { small, tensor } from "../../support/small-tensors.ts";

/** A file with exactly this header text and these data bytes. */
function file(header: string | object, data = 0, headerLength?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(headerLength ?? BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(data, 7)]);
}

test("a tensor that is not there is named, with those that are", async () => {
  const weights = weightsOf(await readCheckpoint(writeSafetensors(small), "a.safetensors"));
  expect(() => weights.tensor("right")).toThrow(
    'Cannot read tensor "right" of a.safetensors: expected one of wide, one, left, none, flag, found none',
  );
  const many = new Map(Array.from({ length: 14 }, (_, i) => [`w${i}`, small.get("one")!]));
  const crowd = weightsOf(await readCheckpoint(writeSafetensors(many)));
  expect(() => crowd.tensor("x")).toThrow("w10, w11 and 2 more, found none");
});

test("a source that gives other bytes than it was asked for is found out", async () => {
  const bytes = writeSafetensors(small);
  const source = bytesSource(bytes, "a");
  await expect(source.read(bytes.length - 1, 2)).rejects.toThrow(
    `Cannot read a: expected at least ${bytes.length + 1} bytes, found ${bytes.length}`,
  );
  let short = false;
  const index = await indexCheckpoint({
    ...source,
    read: (offset, length) => source.read(offset, short ? length - 1 : length),
  });
  short = true;
  await expect(index.read("left")).rejects.toThrow(
    'Cannot read tensor "left" of a: expected 8 bytes, found 7',
  );
});

test("an index reads no numbers, then only those of the tensor asked for", async () => {
  const bytes = writeSafetensors(small);
  const read: [number, number][] = [];
  const index = await indexCheckpoint({
    name: "a.safetensors",
    size: bytes.length,
    read: async (offset, length) => {
      read.push([offset, length]);
      return bytes.subarray(offset, offset + length);
    },
  });
  expect(index.format).toBe("safetensors");
  expect(index.tensors.get("left")).toEqual({ type: "F32", shape: [2, 1] });
  const length = bytes.length - 33;
  expect(read.every(([offset, count]) => offset + count <= length)).toBe(true);
  read.length = 0;
  expect(tensorOf(await index.read("left"))).toEqual(tensor([2, 1], 1.5, -2));
  expect(read).toEqual([[length + 24, 8]]);
  await expect(index.read("right")).rejects.toThrow(
    'Cannot read tensor "right" of a.safetensors: expected one of wide, one, left, none, flag, found none',
  );
});

const f32 = (shape: unknown, begin: unknown, end: unknown, dtype: unknown = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

test("a message is no longer than a person reads, whatever the file says", async () => {
  const shape = Array(5000).fill(1);
  const lying = file({ ["n".repeat(5000)]: { dtype: "F32", shape, data_offsets: [0, 8] } }, 8);
  const message = await readCheckpoint(lying, "x").catch((error: Error) => error.message);
  expect(message).toMatch(
    /^Cannot read tensor "n{150} … n{50}" of x: expected 4 bytes for F32 \[1, 1, .* … .* found data_offsets of 8 bytes$/,
  );
});

describe("a header that lies is refused, naming what is wrong:", () => {
  test.for<[string, Uint8Array, string]>([
    [
      "length past the end",
      file("{}", 0, 3n),
      "x: expected a header length of at most 2 bytes, found 3",
    ],
    [
      "length of 2^63",
      file("{}", 0, 2n ** 63n),
      "x: expected a header length of at most 2 bytes, found more than 2^53",
    ],
    [
      "not JSON",
      file("{,}"),
      'x: the header is not valid JSON: expected a key at character 1, found ",}"',
    ],
    [
      "cut JSON",
      file('{"a":{"dtype":'),
      "x: the header is not valid JSON: expected a value at character 14, found the end",
    ],
    [
      "a key twice",
      file('{"a":1,"a":2}'),
      'x: the header is not valid JSON: expected every key once at character 7, found "\\"a\\":2}"',
    ],
    ["an escaped key twice", file('{"a":1,"\\u0061":2}'), "expected every key once"],
    [
      "more than one value",
      file("{}{}"),
      'x: the header is not valid JSON: expected the end at character 2, found "{}"',
    ],
    ["an unclosed string", file('{"a'), 'expected a string at character 1, found "\\"a"'],
    ["no colon", file('{"a" 1}'), 'expected ":" at character 5'],
    ["no comma", file('{"a":[1 2]}'), 'expected "," or "]" at character 8'],
    ["no brace", file('{"a":1 "b":2}'), 'expected "," or "}" at character 7'],
    ["deep nesting", file(`{"a":${"[".repeat(99999)}`), "expected nesting of at most 32"],
    [
      "not UTF-8",
      Buffer.concat([file("{ ").fill(3, 0, 1), Buffer.from([0xff])]),
      "x: expected a header in UTF-8, found other bytes",
    ],
    [
      "metadata of numbers",
      file({ __metadata__: { a: 1 } }),
      "x: expected __metadata__ to be an object of strings, found other values",
    ],
    [
      "a tensor that is none",
      file({ a: 1 }),
      'tensor "a" of x: expected an object, found another value',
    ],
    [
      "an unknown field",
      file({ a: { ...f32([1], 0, 4), more: 1 } }, 4),
      'tensor "a" of x: expected dtype, shape and data_offsets, found "more"',
    ],
    [
      "an unknown type",
      file({ a: f32([1], 0, 4, "F8_E4M3") }, 4),
      'tensor "a" of x: expected dtype to be one of F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL, found "F8_E4M3"',
    ],
    [
      "a type from the prototype",
      file({ a: f32([1], 0, 4, "toString") }, 4),
      "expected dtype to be one of",
    ],
    [
      "no shape",
      file({ a: f32(undefined, 0, 4) }, 4),
      'tensor "a" of x: expected shape to be a list of sizes, found null',
    ],
    [
      "a negative size",
      file({ a: f32([-1], 0, 4) }, 4),
      "expected shape to be a list of sizes, found [-1]",
    ],
    [
      "a fraction",
      file({ a: f32([0.5], 0, 4) }, 4),
      "expected shape to be a list of sizes, found [0.5]",
    ],
    [
      "a shape that overflows",
      file({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4),
      "expected shape to be a list of sizes",
    ],
    [
      "shape and offsets that differ",
      file({ a: f32([2], 0, 4) }, 4),
      'tensor "a" of x: expected 8 bytes for F32 [2], found data_offsets of 4 bytes',
    ],
    [
      "offsets reversed",
      file({ a: f32([1], 4, 0) }, 4),
      'tensor "a" of x: expected data_offsets [begin, end] with begin ≤ end, found [4,0]',
    ],
    ["offsets as text", file({ a: f32([1], "0", 4) }, 4), "expected data_offsets [begin, end]"],
    [
      "offsets past the end",
      file({ a: f32([1], 0, 4) }, 3),
      'tensor "a" of x: expected data up to 4, found 3 bytes',
    ],
    [
      "overlap",
      file({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8),
      'tensor "b" of x: expected it to begin at 8, found 4, overlapping another',
    ],
    [
      "a gap",
      file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12),
      'tensor "b" of x: expected it to begin at 4, found 8, after a gap',
    ],
    [
      "bytes of nobody",
      file({ a: f32([1], 0, 4) }, 5),
      "x: expected 4 bytes of tensors, found 5 bytes of data",
    ],
  ])("%s", async ([, bytes, message]) => {
    const reading = readCheckpoint(bytes, "x");
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(`${message}`);
  });
});

test("cut off anywhere, a file gives an error", async () => {
  const bytes = writeSafetensors(small, { note: "n" });
  for (let length = 0; length < bytes.length; length++) {
    await expect(readCheckpoint(bytes.slice(0, length))).rejects.toBeInstanceOf(CheckpointError);
  }
});

test("with a byte changed, a file gives an error or tensors that are whole", async () => {
  const bytes = writeSafetensors(small, { note: "n" });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, by) => {
        const changed = bytes.slice();
        changed[at]! ^= by;
        const checkpoint = await readCheckpoint(changed).catch((error: unknown) => {
          expect(error).toBeInstanceOf(CheckpointError);
        });
        for (const stored of checkpoint?.tensors.values() ?? []) tensorOf(stored);
      },
    ),
    { numRuns: 300 },
  );
});
