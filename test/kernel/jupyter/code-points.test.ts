import { expect, test } from "vitest";
import { codePoints, units } from "../../../kernel/jupyter/code-points.ts";

// One code point of two units between two of one.
const code = "a😀b";

test("an offset in code points is one in UTF-16 units, and the other way round", () => {
  expect([0, 1, 2, 3].map((points) => units(code, points))).toEqual([0, 1, 3, 4]);
  expect([0, 1, 3, 4].map((offset) => codePoints(code, offset))).toEqual([0, 1, 2, 3]);
});

test("an offset outside is at that end; none is at the end", () => {
  expect([units(code, -1), units(code, 9), units(code, undefined)]).toEqual([0, 4, 4]);
});
