import { expect, test } from "vitest";
import { bundleOf } from "../../../kernel/output/bundle.ts";
import { longestPreview, preview } from "../../../kernel/output/preview.ts";
import { randomBilinear } from "../../../src/model/index.ts";
import { sizeOf } from "../../../src/protocol/index.ts";

test.for<[unknown, string | undefined]>([
  [undefined, undefined],
  [null, "null"],
  [1 / 3, "0.3333333333333333"],
  ["text", "'text'"],
  [new Map([["a", 1]]), "Map(1) { 'a' => 1 }"],
  [
    { shape: [2, 3], data: new Float64Array([1, 0.5, 1 / 3, 4, 5, 6e-9]) },
    "Float64 [2, 3], 6e-9 … 5\n  1  0.5  0.333333\n  4  5  6e-9",
  ],
  [{ shape: [], data: new Float32Array([7]) }, "Float32 [], 7\n  7"],
  [{ shape: [0, 4], data: new Float64Array(0) }, "Float64 [0, 4]"],
  [{ shape: [2, 0], data: new Float64Array(0) }, "Float64 [2, 0]"],
  [{ shape: "none", data: [1] }, "{ shape: 'none', data: [ 1 ] }"],
])("%o is %j", ([value, text]) => {
  expect(preview(value)).toBe(text);
});

test("a large tensor is cut on both sides", () => {
  const lines = preview({ shape: [113, 90], data: new Float64Array(113 * 90) })!.split("\n");
  expect(lines).toEqual([
    "Float64 [113, 90], 0",
    ...Array.from({ length: 6 }, () => "  0  0  0  0  0  0  0  0  …"),
    "  …",
  ]);
});

test("a million numbers are a short text", () => {
  const text = preview(new Float64Array(1e6))!;
  expect(text).toMatch(/^Float64Array\(1000000\) \[/);
  expect(text).toContain("999980 more items");
});

test("a preview is at most 2 KB, and never half a character", () => {
  for (const text of ["ä".repeat(5_000), "€".repeat(5_000), "𝄞".repeat(5_000)]) {
    for (const pad of ["", "a", "ab", "abc"]) {
      const shown = preview({
        pad,
        a: text.slice(0, 600),
        b: text.slice(0, 600),
        c: text.slice(0, 600),
      })!;
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(longestPreview);
      expect(shown).not.toContain("\ufffd");
      expect(shown.endsWith("…")).toBe(true);
    }
  }
});

test("a wide object is narrowed before it is formatted", () => {
  const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`key${i}`, i]));
  let called = 0;
  Object.defineProperty(wide, "key7", { enumerable: true, get: () => ++called });
  const text = preview(wide)!;
  expect(text).toMatch(/^\{\n {2}key0: 0,/);
  expect(text).toMatch(/'…': '199960 more keys'\n\}$/);
  expect(called).toBe(0);
});

test("getters of a value are not called", () => {
  let called = 0;
  const value = {
    get costly() {
      return ++called;
    },
  };
  preview(value);
  sizeOf(value);
  expect(called).toBe(0);
});

test.for<[string, unknown, number, number]>([
  ["typed array", new Float64Array(1_000), 8_000, 8_000],
  [
    "two views of one buffer",
    (() => {
      const a = new Float64Array(1_000);
      return [a, a.subarray(1)];
    })(),
    8_000,
    8_100,
  ],
  ["text", "abc", 6, 6],
  ["map of arrays", new Map([["a", new Uint8Array(500)]]), 500, 700],
  [
    "wide object, its first parts",
    Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])),
    8e5,
    9e5,
  ],
  [
    "large map, its parts like the first",
    new Map(Array.from({ length: 100_000 }, (_, i) => [i, i])),
    2e6,
    5e6,
  ],
  [
    "cycle",
    (() => {
      const a: { self?: unknown } = {};
      a.self = a;
      return a;
    })(),
    16,
    100,
  ],
  ["with undefined among its parts", [undefined, new Uint8Array(500)], 500, 700],
])("the size of a %s", ([, value, least, most]) => {
  expect(sizeOf(value)).toBeGreaterThanOrEqual(least);
  expect(sizeOf(value)).toBeLessThanOrEqual(most);
});

test("numbers are told by their range, and those that are none are counted", () => {
  const data = new Float64Array(100).map((_, i) => i);
  data.set([Number.NaN, Number.NaN, Number.POSITIVE_INFINITY]);
  expect(preview(data)!.split("\n").at(-1)).toBe("3 … 99, 2 NaN, 1 infinite");
  expect(preview({ shape: [100], data })!.split("\n")[0]).toBe(
    "Float64 [100], 3 … 99, 2 NaN, 1 infinite",
  );
  expect(preview(new BigInt64Array(30).fill(7n))!.split("\n").at(-1)).toBe("7");
  const nothing = new Float32Array(30).fill(Number.NaN);
  expect(preview(nothing)!.split("\n").at(-1)).toBe("30 NaN");
});

test("of very many numbers the first are looked at, and it says so", () => {
  const data = new Uint8Array(5_000_000).fill(1);
  data[4_999_999] = 9;
  expect(preview(data)!.split("\n").at(-1)).toBe("1 (of the first 4,000,000)");
});

test("a network, a checkpoint and a series are told by what they are made of", () => {
  const network = randomBilinear({ dIn: 4, dHidden: 3, dOut: 2, seed: 1 });
  expect(preview(network)).toMatch(/^Network 4 → bilinear 3 → 2, 30 parameters$/);
  const checkpoint = {
    source: "step_5.pt",
    step: 5,
    metadata: {},
    tensors: new Map([["w", { type: "F32", shape: [2, 3], bytes: new Uint8Array(24) }]]),
  };
  expect(preview(checkpoint)).toBe("Checkpoint step_5.pt, step 5, 1 tensor\n  w  F32 [2, 3]");
  const series = { length: 2, steps: [0, 100], network: () => network };
  expect(preview(series)).toBe("Series: 2 networks, steps 0 … 100");
});

test("an error is told with its causes, without where it arose", () => {
  const error = new RangeError("outer", { cause: new TypeError("inner", { cause: "root" }) });
  expect(preview(error)).toBe("RangeError: outer\ncaused by TypeError: inner\ncaused by 'root'");
});

test("what only looks like a value of the library, and what is no plain object, is harmless", () => {
  expect(preview({ layers: [{ kind: "linear" }] })).toContain("layers");
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error("asked");
      },
    },
  );
  expect(preview(trap)).toBe("{}");
  expect(bundleOf(trap)).toEqual({ "text/plain": "{}" });
  expect(preview(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
  expect(preview(new Set([1]))).toBe("Set(1) { 1 }");
});
