import { expect, test } from "vitest";
import { sameValue } from "../../src/client/same-value.ts";

test.for([
  [1, 1, true],
  [Number.NaN, Number.NaN, true],
  [0, -0, false],
  ["a", "a", true],
  [null, undefined, false],
  [null, {}, false],
  [[1, [2]], [1, [2]], true],
  [[1], [1, 2], false],
  [{ a: 1 }, { a: 1 }, true],
  [{ a: undefined }, { b: undefined }, false],
  [[], {}, false],
  [new Date(5), new Date(5), true],
  [new Date(5), new Date(6), false],
  [new Set([1]), new Set([1]), true],
  [new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]]), true],
  [new Map([[1, 2]]), new Map([[1, 3]]), false],
  [Float64Array.of(1, 2), Float64Array.of(1, 2), true],
  [Float64Array.of(1, 2), Float32Array.of(1, 2), false],
] as const)("%j and %j: %s", ([a, b, same]) => {
  expect(sameValue(a, b)).toBe(same);
});
