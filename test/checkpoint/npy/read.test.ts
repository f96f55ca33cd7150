import { describe, expect, test } from "vitest";
import { CheckpointError, readCheckpoint, tensorOf } from "../../../src/checkpoint/index.ts";
import { f64, header, npy } from "../../support/npy-writer.ts";

async function array(bytes: Uint8Array): Promise<{ shape: readonly number[]; values: number[] }> {
  const { tensors } = await readCheckpoint(bytes, "x.npy");
  expect([...tensors.keys()]).toEqual(["array"]);
  const { shape, data } = tensorOf(tensors.get("array")!);
  return { shape, values: [...data] };
}

describe("a .npy file is its array:", () => {
  const data = f64(1, 2, 3, 4, 5, 6);
  test.for<[string, Uint8Array, number[], number[]]>([
    ["rows first", npy(header("<f8", "(2, 3)"), data), [2, 3], [1, 2, 3, 4, 5, 6]],
    ["columns first", npy(header("<f8", "(2, 3)", "True"), data), [2, 3], [1, 3, 5, 2, 4, 6]],
    [
      "three axes, columns first",
      npy(header("<f8", "(1, 3, 2)", "True"), data),
      [1, 3, 2],
      [1, 4, 2, 5, 3, 6],
    ],
    ["one axis", npy(header("<f8", "(6,)"), data), [6], [1, 2, 3, 4, 5, 6]],
    ["one number", npy(header("<f8", "()"), f64(7)), [], [7]],
    ["nothing", npy(header("<f8", "(0, 3)"), f64()), [0, 3], []],
    ["big-endian", npy(header(">f8", "(6,)"), data.toReversed()), [6], [6, 5, 4, 3, 2, 1]],
    [
      "big-endian, columns first",
      npy(header(">i2", "(2, 2)", "True"), Uint8Array.of(0, 1, 0, 2, 0, 3, 1, 0)),
      [2, 2],
      [1, 3, 2, 256],
    ],
    ["version 2", npy(header("<f8", "(6,)"), data, 2), [6], [1, 2, 3, 4, 5, 6]],
    ["version 3", npy(header("<f8", "(6,)"), data, 3), [6], [1, 2, 3, 4, 5, 6]],
    [
      "sizes as Python 2 wrote them",
      npy(header("<f8", "(2L, 3L)"), data),
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ],
    [
      "keys in another order, other quotes",
      npy('{"shape":(6,),"descr":"<f8","fortran_order":False}', data),
      [6],
      [1, 2, 3, 4, 5, 6],
    ],
    ["f4", npy(header("<f4", "(1,)"), new Uint8Array(Float32Array.of(-1.5).buffer)), [1], [-1.5]],
    ["f2", npy(header("<f2", "(1,)"), Uint8Array.of(0, 0xbe)), [1], [-1.5]],
    ["i8", npy(header("<i8", "(1,)"), new Uint8Array(BigInt64Array.of(-2n).buffer)), [1], [-2]],
    ["i4", npy(header("<i4", "(1,)"), new Uint8Array(Int32Array.of(-2).buffer)), [1], [-2]],
    ["i1", npy(header("|i1", "(1,)"), Uint8Array.of(254)), [1], [-2]],
    ["u8", npy(header("<u8", "(1,)"), new Uint8Array(BigUint64Array.of(2n).buffer)), [1], [2]],
    ["u4", npy(header("<u4", "(1,)"), new Uint8Array(Uint32Array.of(4e9).buffer)), [1], [4e9]],
    ["u2", npy(header("<u2", "(1,)"), Uint8Array.of(1, 2)), [1], [513]],
    ["u1", npy(header("|u1", "(1,)"), Uint8Array.of(254)), [1], [254]],
    ["b1", npy(header("|b1", "(2,)"), Uint8Array.of(0, 1)), [2], [0, 1]],
  ])("%s", async ([, bytes, shape, values]) => {
    expect(await array(bytes)).toEqual({ shape, values });
  });
});

describe("a .npy file that lies, or holds no numbers, is refused:", () => {
  const data = f64(1, 2);
  const head = header("<f8", "(2,)");
  test.for<[string, Uint8Array, string]>([
    [
      "Python objects",
      npy(header("|O", "(2,)"), data),
      "Cannot read x: expected descr of numbers, not of Python objects, found '|O'",
    ],
    [
      "a structured type",
      npy(
        "{'descr': [('a', '<f4'), ('b', '<i4', (2,))], 'fortran_order': False, 'shape': (2,)}",
        data,
      ),
      "expected descr of one number type, not a structured one, found [('a', '<f4'), ('b', '<i4', (2))]",
    ],
    [
      "bfloat16",
      npy(header("|V2", "(2,)"), data),
      "expected descr of a number type NumPy can name (bfloat16 has no name; save it as float32), found '|V2'",
    ],
    [
      "complex numbers",
      npy(header("<c16", "(1,)"), data),
      "expected descr of one of f8, f4, f2, i8, i4, i2, i1, u8, u4, u2, u1, b1, found '<c16'",
    ],
    ["text", npy(header("<U1", "(4,)"), data), "found '<U1'"],
    [
      "no byte order",
      npy(header("|f8", "(2,)"), data),
      "expected descr with a byte order, found '|f8'",
    ],
    ["a native byte order", npy(header("=f8", "(2,)"), data), "found '=f8'"],
    [
      "a type from the prototype",
      npy(header("<constructor", "(2,)"), data),
      "expected descr of one of f8",
    ],
    [
      "too few bytes",
      npy(header("<f8", "(3,)"), data),
      "Cannot read x: expected 24 bytes for F64 [3], found 16",
    ],
    ["too many bytes", npy(header("<f8", "(1,)"), data), "expected 8 bytes for F64 [1], found 16"],
    [
      "a negative size",
      npy(header("<f8", "(-2,)"), data),
      "expected shape as a tuple of sizes, found (-2)",
    ],
    [
      "a shape beyond 2^53",
      npy(header("<f8", "(9007199254740991, 9007199254740991)"), data),
      "expected shape as a tuple of sizes",
    ],
    [
      "a shape that is a list",
      npy(header("<f8", "[2]"), data),
      "expected shape as a tuple of sizes, found [2]",
    ],
    [
      "a shape that is a number",
      npy(header("<f8", "2"), data),
      "expected shape as a tuple of sizes, found 2",
    ],
    [
      "an order that is none",
      npy(header("<f8", "(2,)", "None"), data),
      "expected fortran_order True or False, found None",
    ],
    [
      "a field too many",
      npy(`${head.slice(0, -1)}'more': 1}`, data),
      "expected descr, fortran_order and shape, found descr, fortran_order, shape, more",
    ],
    [
      "other fields",
      npy("{'a': 1, 'b': {'c': ''}, 'd': 3}", data),
      "expected descr of one number type, not a structured one, found nothing",
    ],
    [
      "no dictionary",
      npy("(1, 2)", data),
      "expected descr, fortran_order and shape, found another value",
    ],
    [
      "code",
      npy(header("<f8", "__import__('os').system('x')"), data),
      "the .npy header cannot be read: expected a string, number, tuple, list or dictionary at character",
    ],
    [
      "a key twice",
      npy("{'descr': 1, 'descr': 2}", data),
      "expected every key once at character 13, found \"'descr': 2}",
    ],
    ["a key that is no string", npy("{1: 2}", data), "expected a key at character 1"],
    ["no colon", npy("{'a' 1}", data), 'expected ":" at character 5'],
    ["no comma", npy("{'a': 1 'b': 2}", data), 'expected "," or "}" at character 8'],
    ["no comma in a tuple", npy("(1 2)", data), 'expected "," or ")" at character 3'],
    ["an unclosed string", npy("{'a", data), "expected a plain string at character 1"],
    ["an escape", npy("{'a\\n': 1}", data), "expected a plain string at character 1"],
    ["more than a literal", npy(`${head} 1`, data), "expected the end at character"],
    [
      "nothing",
      npy("", data),
      "expected a string, number, tuple, list or dictionary at character 1, found the end",
    ],
    ["a fraction", npy(header("<f8", "(2.0,)"), data), 'expected "," or ")"'],
    ["deep nesting", npy("(".repeat(9999), data), "expected nesting of at most 16"],
    [
      "version 4",
      npy(head, data, 4),
      "Cannot read x: expected .npy version 1.0, 2.0 or 3.0, found 4.0",
    ],
    [
      "a header past the end",
      npy(head, data).slice(0, 30),
      "expected a header of 68 bytes, found 30",
    ],
    [
      "a header of 4 GB",
      Buffer.concat([Buffer.from("\x93NUMPY\x02\x00\xff\xff\xff\xff", "latin1"), data]),
      "expected a header of at most 1048576 bytes, found 4294967295",
    ],
    [
      "nothing but the magic",
      Buffer.from("\x93NUMPY", "latin1"),
      "expected a .npy header, found 6 bytes",
    ],
    [
      "a version 2 cut off",
      Buffer.from("\x93NUMPY\x02\0\x10\0", "latin1"),
      "expected a .npy header, found 10 bytes",
    ],
    [
      "a header not in UTF-8",
      Buffer.from(npy(`'ÿ${head}`, data, 2).with(6, 3)),
      "expected a header in UTF-8, found other bytes",
    ],
  ])("%s", async ([, bytes, message]) => {
    const reading = readCheckpoint(bytes, "x");
    await expect(reading).rejects.toBeInstanceOf(CheckpointError);
    await expect(reading).rejects.toThrow(message);
  });
});

test("a .npy file cut off anywhere gives an error", async () => {
  const bytes = npy(header("<f8", "(2,)"), f64(1, 2));
  for (let length = 0; length < bytes.length; length++) {
    await expect(readCheckpoint(bytes.slice(0, length))).rejects.toBeInstanceOf(CheckpointError);
  }
});
