import { expect, test } from "vitest";
import { wordAt } from "../../src/language/place.ts";

test.for<[string, number, string]>([
  ["const width = 1", 9, "width"],
  ["const width = 1", 6, "width"],
  ["const width = 1", 11, "width"],
  ["const width = 1", 5, "const"],
  ["a.b", 2, "b"],
  ["$é_1", 2, "$é_1"],
  ["a + ", 4, ""],
  ["", 0, ""],
  ["𝒳y + 1", 3, "𝒳y"],
])("the word of %j at %i is %j", ([source, offset, word]) => {
  const { from, to } = wordAt(source, offset);
  expect(source.slice(from, to)).toBe(word);
});

test("is found in time in proportion to the text, also behind a picture that stands in it", () => {
  const picture = "iVBORw0KGgo".repeat(100_000);
  const source = `const picture = "${picture}";\nwidth`;
  expect(wordAt(source, source.length)).toEqual({ from: source.length - 5, to: source.length });
});
