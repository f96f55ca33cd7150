import { describe, expect, test } from "vitest";
import { decode, encode } from "../../src/protocol/index.ts";

const trip = (value: unknown): unknown => decode(encode(value));

const circle: Record<string, unknown> = {};
circle["inner"] = { circle };

describe("what cannot travel is named", () => {
  test.for<[name: string, message: unknown, sentence: string]>([
    [
      "a function in an output",
      { type: "result", values: { f: { list: [0, { fn: () => 1 }] } } },
      'Cannot send "f" to the page: f.list[1].fn is a function',
    ],
    [
      "an output itself",
      { values: { f: () => 1 } },
      'Cannot send "f" to the page: f is a function',
    ],
    [
      "an input",
      { inputs: { pick: Symbol("s") } },
      'Cannot send "pick" to the kernel: pick is a symbol',
    ],
    [
      "an instance of a class",
      { values: { m: { at: new (class Model {})() } } },
      'Cannot send "m" to the page: m.at is a Model, expected plain data',
    ],
    [
      "a promise under a key of two words",
      { values: { m: { "two words": Promise.resolve() } } },
      'Cannot send "m" to the page: m["two words"] is a Promise, expected plain data',
    ],
    ["a class", { values: { C: class {} } }, 'Cannot send "C" to the page: C is a function'],
    [
      "a map's value",
      { values: { m: new Map([["k", () => 1]]) } },
      'Cannot send "m" to the page: m.k is a function',
    ],
    [
      "a named property of an array",
      { values: { m: Object.assign([1], { f: () => 1 }) } },
      'Cannot send "m" to the page: m.f is a function',
    ],
    [
      "a function in the last of many rows",
      { values: { rows: [...Array.from({ length: 1000 }, () => ({ f: 1 })), { f: () => 1 }] } },
      'Cannot send "rows" to the page: rows[1000].f is a function',
    ],
    [
      "a symbol in a column",
      {
        values: { rows: Array.from({ length: 1000 }, (_, i) => ({ s: i === 5 ? Symbol("") : 1 })) },
      },
      'Cannot send "rows" to the page: rows[5].s is a symbol',
    ],
    [
      "a cycle",
      { values: { circle } },
      'Cannot send "circle" to the page: circle.inner.circle refers back to circle, and a cycle cannot travel',
    ],
  ])("%s", ([, message, sentence]) => {
    expect(() => encode(message)).toThrow(
      expect.objectContaining({ name: "TransferError", message: sentence }),
    );
  });

  test("a value nested too deeply", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => encode({ values: { deep } })).toThrow(
      'Cannot send "deep" to the page: deep[0] is nested more than 500 levels deep',
    );
  });

  test("the same object twice is no cycle", () => {
    const shared = { x: 1 };
    expect(trip([shared, shared])).toEqual([shared, shared]);
  });

  test("as deep as it may be, it is read back", () => {
    let deep: unknown = new Map([[1, 2]]);
    for (let i = 0; i < 490; i++) deep = i % 2 ? new Map([[deep, 1]]) : { $: deep };
    expect(encode(trip(deep))).toEqual(encode(deep));
  });
});
