import { expect, test } from "vitest";
import {
  expressionOf,
  type FindQuery,
  matchesIn,
  matchFrom,
  replaced,
} from "../../../../src/client/editor/find/find.ts";

const plain: FindQuery = { text: "", isCased: false, isWord: false, isPattern: false };
const cells = [
  { id: "a", source: "const loss = Loss(1);\n// loss of x" },
  { id: "b", source: "losses.map((x) => x.y)" },
];
const found = (query: Partial<FindQuery>) =>
  matchesIn(cells, expressionOf({ ...plain, ...query })!).map(
    ({ cell, from, to }) => `${cell} ${from}–${to}`,
  );
const change = (query: Partial<FindQuery>, by: string) => {
  const whole = { ...plain, ...query };
  return replaced(cells, matchesIn(cells, expressionOf(whole)!), whole, by).map(({ text }) => text);
};

test("a text is found in all cells, capitals or not", () => {
  expect(found({ text: "loss" })).toEqual(["a 6–10", "a 13–17", "a 25–29", "b 0–4"]);
  expect(found({ text: "loss", isCased: true })).toEqual(["a 6–10", "a 25–29", "b 0–4"]);
  expect(found({ text: "loss", isWord: true })).toEqual(["a 6–10", "a 13–17", "a 25–29"]);
});

test("signs of regular expressions are signs, unless one is asked for", () => {
  expect(found({ text: "x.y" })).toEqual(["b 18–21"]);
  expect(found({ text: "(1)" })).toEqual(["a 17–20"]);
  expect(found({ text: "^losses|x$", isPattern: true })).toEqual(["a 33–34", "b 0–6"]);
  expect(() => expressionOf({ ...plain, text: "(", isPattern: true })).toThrow(SyntaxError);
});

test("matches of nothing are none", () => {
  expect(found({ text: "q*", isPattern: true })).toEqual([]);
  expect(expressionOf(plain)).toBeUndefined();
});

test("a replacement is taken as it is written; of a regular expression it may name groups", () => {
  expect(change({ text: "x.y" }, "$1$&")).toEqual(["$1$&"]);
  expect(change({ text: "(x)\\.(y)", isPattern: true }, "$2.$1")).toEqual(["y.x"]);
  // What stands around a match decides whether it is one: it does in the replacement too.
  expect(change({ text: "(?<=const )l(oss)", isPattern: true }, "m$1")).toEqual(["moss"]);
});

test("a search goes on from where the person is, and round the end", () => {
  const matches = matchesIn(cells, expressionOf({ ...plain, text: "loss" })!);
  const order = ["a", "b"];
  expect(matchFrom(matches, order, "a", 7)).toBe(1);
  expect(matchFrom(matches, order, "b", 0)).toBe(3);
  expect(matchFrom(matches, order, "b", 1)).toBe(0);
  expect(matchFrom(matches, order, undefined, 0)).toBe(0);
  expect(matchFrom([], order, "a", 0)).toBe(-1);
});
