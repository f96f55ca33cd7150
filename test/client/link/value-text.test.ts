import fc from "fast-check";
import { expect, test } from "vitest";
import { textOfValue, valueOfText } from "../../../src/client/link/value-text.ts";

test.for([
  [5, "5"],
  [-0.25, "-0.25"],
  [Number.NaN, "NaN"],
  [true, "true"],
  [null, "null"],
  ["float32", "float32"],
  ["two words", "two words"],
  ["5", '"5"'],
  ["true", '"true"'],
  ["", '""'],
  ["~1", '"~1"'],
  [[1, 5], "[1,5]"],
  [{ symmetrise: true, precision: "float64" }, '{"symmetrise":true,"precision":"float64"}'],
  [new Date("2026-01-31"), "@2026-01-31"],
  [new Date("2026-01-31T10:20:30Z"), "@2026-01-31T10:20:30.000Z"],
] as const)("%j is written as %s, and read back", ([value, text]) => {
  expect(textOfValue(value)).toBe(text);
  expect(valueOfText(text)).toEqual(value);
});

test("any plain data is read back as it was written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      // Of JSON's own values: it knows no minus zero.
      const value = JSON.parse(JSON.stringify(json)) as unknown;
      expect(valueOfText(textOfValue(value)!)).toEqual(value);
    }),
  );
});

test("what is more than plain data has no text", () => {
  const ring: unknown[] = [];
  ring.push(ring);
  for (const value of [
    5n,
    [5n],
    ring,
    undefined,
    new Map(),
    Float64Array.of(1),
    [Number.NaN],
    () => 1,
    new Date(Number.NaN),
  ])
    expect(textOfValue(value)).toBeUndefined();
});
