import { expect, test } from "vitest";
import { type Result, Results } from "../../../kernel/schedule/results.ts";

let count = 0;
function result(cell: string, n: unknown, bytes = 0): Result {
  return {
    id: `r${count++}`,
    cell,
    inputs: new Map([["n", n]]),
    sources: new Map(),
    outputs: new Map(),
    ended: 0,
    held: [],
    read: new Map(),
    ms: 1,
    bytes,
  };
}

test("a result is found by the values it was made from", () => {
  const results = new Results();
  const one = result("a", 1);
  const array = result("a", new Float64Array([1, NaN, -0]));
  results.add(one);
  results.add(array);
  expect(results.find("a", ["n"], { n: 1 })).toBe(one);
  expect(results.find("a", ["n"], { n: new Float64Array([1, NaN, -0]), other: 1 })).toBe(array);
  expect(results.find("a", ["n"], { n: new Float64Array([1, NaN, 0]) })).toBeUndefined();
  expect(results.find("a", ["n"], { n: new Float32Array([1, NaN, -0]) })).toBeUndefined();
  expect(results.find("a", ["n"], { n: "1" })).toBeUndefined();
  expect(results.find("a", ["n", "m"], { n: 1 })).toBeUndefined();
  // When less tells one result from another, as of a cell below one that runs on demand from now on.
  expect(results.find("a", [], {})).toBe(array);
  expect(results.find("b", ["n"], { n: 1 })).toBeUndefined();
});

test("a newer result for the same values takes the place of the older", () => {
  const results = new Results();
  results.add(result("a", 1, 10));
  const newer = result("a", 1, 10);
  results.add(newer);
  expect(results.find("a", ["n"], { n: 1 })).toBe(newer);
  expect(results.bytes).toBe(10);
});

test("the result unused longest goes first, by count", () => {
  const results = new Results({ perCell: 2, bytes: 1e9 });
  results.add(result("a", 1));
  results.add(result("a", 2));
  results.find("a", ["n"], { n: 1 });
  results.add(result("a", 3));
  expect(results.find("a", ["n"], { n: 2 })).toBeUndefined();
  expect(results.find("a", ["n"], { n: 1 })).toBeDefined();
});

test("by bytes, the cell that keeps most gives up its oldest; the newest of each stays", () => {
  const results = new Results({ perCell: 9, bytes: 100 });
  results.add(result("small", 1, 5));
  results.add(result("small", 2, 5));
  for (const n of [1, 2, 3]) results.add(result("large", n, 40));
  expect(results.find("large", ["n"], { n: 1 })).toBeUndefined();
  expect(results.find("large", ["n"], { n: 2 })).toBeDefined();
  expect(results.find("small", ["n"], { n: 1 })).toBeDefined();
  results.add(result("huge", 1, 1_000));
  expect(results.find("huge", ["n"], { n: 1 })).toBeDefined();
  expect(results.find("small", ["n"], { n: 2 })).toBeUndefined();
  expect(results.find("small", ["n"], { n: 1 })).toBeDefined();
});
