import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode, FrameError } from "../../src/protocol/index.ts";

describe("bytes that are no frame", () => {
  const text = (message: unknown, buffers: unknown, extra = 0): Uint8Array => {
    const json = new TextEncoder().encode(JSON.stringify({ message, buffers }));
    const bytes = new Uint8Array(Math.ceil((4 + json.length) / 8) * 8 + extra);
    new DataView(bytes.buffer).setUint32(0, json.length, true);
    bytes.set(json, 4);
    return bytes;
  };
  const whole = encode({ a: Float64Array.of(1, 2) });
  const lying = whole.slice();
  lying[1] = 255;

  test.for<[name: string, bytes: Uint8Array, sentence: string]>([
    ["nothing", new Uint8Array(0), "Cannot read frame: expected at least 4 bytes, found 0"],
    ["cut in the head", whole.slice(0, 20), "found 16"],
    [
      "cut in a buffer",
      whole.slice(0, -1),
      `expected ${whole.length} bytes, found ${whole.length - 1}`,
    ],
    ["a byte too many", Uint8Array.of(...whole, 0), `expected ${whole.length} bytes`],
    ["a head length that lies", lying, "Cannot read frame: expected a head of 65"],
    ["not JSON", Uint8Array.of(1, 0, 0, 0, 0x7b, 0, 0, 0), "the head is not JSON"],
    ["not UTF-8", Uint8Array.of(1, 0, 0, 0, 0xff, 0, 0, 0), "the head is not JSON"],
    ["no head", text(1, "none"), "expected a head with a message and the lengths of its buffers"],
    ["a negative length", text(1, [-8]), "expected a head with a message"],
    ["lengths beyond every machine", text(1, [2 ** 52, 2 ** 52]), "expected a head with a message"],
    ["a length beyond the frame", text(1, [80]), "bytes, found"],
    [
      "a buffer that is not there",
      text({ $: "Float64Array", b: 2 }, [8], 8),
      "a Float64Array names buffer 2, found 1 buffers",
    ],
    [
      "a buffer by a word",
      text({ $: "Int8Array", b: "length" }, []),
      'names buffer "length", found 0 buffers',
    ],
    [
      "bytes that do not fit",
      text({ $: "Float64Array", b: 0 }, [12], 12),
      "a Float64Array has 12 bytes, expected a multiple of 8",
    ],
    ["an unknown kind", text({ $: "constructor" }, []), 'unknown kind of value "constructor"'],
    ["a kind that is no text", text({ $: 3 }, []), "unknown kind of value 3"],
    [
      "a number that is none",
      text({ $: "number", v: "seven" }, []),
      'of the kind "number" is malformed',
    ],
    [
      "a BigInt that is none",
      text({ $: "bigint", v: "1e9" }, []),
      'of the kind "bigint" is malformed',
    ],
    ["a Date that is none", text({ $: "Date", v: "x" }, []), 'of the kind "Date" is malformed'],
    [
      "an Error that is none",
      text({ $: "Error", v: ["x"] }, []),
      'of the kind "Error" is malformed',
    ],
    [
      "a RegExp that is none",
      text({ $: "RegExp", v: ["(", ""] }, []),
      "invalid regular expression /(/",
    ],
    ["a Map that is none", text({ $: "Map", v: [[1]] }, []), 'of the kind "Map" is malformed'],
    ["a Set that is none", text({ $: "Set", v: 3 }, []), 'of the kind "Set" is malformed'],
    [
      "an object that is none",
      text({ $: "Object", v: [] }, []),
      'of the kind "Object" is malformed',
    ],
    [
      "an endless array",
      text({ $: "sparse", n: 1e300, v: [] }, []),
      'of the kind "sparse" is malformed',
    ],
    [
      "an entry past the end",
      text({ $: "sparse", n: 2, v: [[2, 1]] }, []),
      "entry 2 of an array of 2",
    ],
    [
      "names beside no array",
      text({ $: "named", v: {}, p: [] }, []),
      "an array with names is malformed",
    ],
    ["rows without columns", text({ $: "rows", n: 1e9, k: [], v: [] }, []), "rows are malformed"],
    [
      "a column too short",
      text({ $: "rows", n: 3, k: ["a"], v: [[1]] }, []),
      "a column has 1 entries, expected 3",
    ],
    [
      "a column that is no list",
      text({ $: "rows", n: 3, k: ["a"], v: [7] }, []),
      "a column has none entries, expected 3",
    ],
    [
      "rows that would change a prototype",
      text({ $: "rows", n: 1, k: ["__proto__"], v: [[1]] }, []),
      'rows have a column "__proto__"',
    ],
    [
      "nested without end",
      text(JSON.parse(`${"[".repeat(3000)}${"]".repeat(3000)}`), []),
      "nested more than 500 levels deep",
    ],
  ])("%s", ([, bytes, sentence]) => {
    expect(() => decode(bytes)).toThrow(FrameError);
    expect(() => decode(bytes)).toThrow(sentence);
  });

  test("frames with any bytes changed or cut are read or refused, never worse", () => {
    const frame = encode({
      rows: Array.from({ length: 1000 }, (_, i) => ({ i, s: "a" })),
      map: new Map<unknown, unknown>([["k", new Date(0)]]),
      list: [undefined, 1n, Number.NaN, /x/, new Error("e"), Int16Array.of(1, 2)],
    });
    const change = fc.record({
      edits: fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 6 }),
      cut: fc.option(fc.nat(frame.length)),
    });
    let refused = 0;
    fc.assert(
      fc.property(change, ({ edits, cut }) => {
        const bytes = frame.slice(0, cut ?? frame.length);
        for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
          refused++;
        }
      }),
      { numRuns: 1_000 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  test("any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => decode(bytes)).toThrow(FrameError);
      }),
      { numRuns: 1_000 },
    );
  });
});
