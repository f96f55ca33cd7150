import { expect, test } from "vitest";
import { History } from "../../../kernel/jupyter/history.ts";

const history = new History();
for (const [index, code] of ["a.b", "axb", "a.b", "c\nd"].entries()) history.add(index + 1, code);
history.result(2, "5");
history.result(9, "of no entry");

const lines = (request: object) =>
  history.told({ output: false, ...request }).map(([, line]) => line);

test("the last n, and all without n", () => {
  expect(history.told({ hist_access_type: "tail", n: 2 })).toEqual([
    [1, 3, "a.b"],
    [1, 4, "c\nd"],
  ]);
  expect(lines({ hist_access_type: "tail" })).toEqual([1, 2, 3, 4]);
  expect(lines({ hist_access_type: "tail", n: 9 })).toEqual([1, 2, 3, 4]);
  expect(lines({ hist_access_type: "tail", n: 0 })).toEqual([]);
  expect(lines({ hist_access_type: "tail", n: -1 })).toEqual([]);
});

test("with what came of them, null of nothing", () => {
  expect(history.told({ hist_access_type: "tail", n: 3, output: true })).toEqual([
    [1, 2, ["axb", "5"]],
    [1, 3, ["a.b", null]],
    [1, 4, ["c\nd", null]],
  ]);
});

test("a range of this session: from its start, before its stop", () => {
  const range = { hist_access_type: "range", session: 0 };
  expect(lines({ ...range, start: 2, stop: 4 })).toEqual([2, 3]);
  expect(lines({ ...range, session: 1, start: 3 })).toEqual([3, 4]);
  expect(lines({ ...range, stop: 2 })).toEqual([1]);
  expect(lines({ ...range, session: 7 })).toEqual([]);
});

test("a search: * is any text, ? any character, all else itself", () => {
  const search = (pattern: unknown, more = {}) =>
    lines({ hist_access_type: "search", pattern, ...more });
  expect(search("a.b")).toEqual([1, 3]);
  expect(search("a?b")).toEqual([1, 2, 3]);
  expect(search("*d")).toEqual([4]);
  expect(search("b")).toEqual([]);
  expect(search(undefined)).toEqual([1, 2, 3, 4]);
  expect(search("a*", { unique: true })).toEqual([2, 3]);
  expect(search("a*", { n: 1 })).toEqual([3]);
});
