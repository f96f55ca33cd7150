import { expect, test } from "vitest";
import { chosenCells, kept, stepped } from "../../../src/client/editor/cell-choice.ts";
import { matching } from "../../../src/client/editor/palette.ts";

const order = ["a", "b", "c", "d"];
const at = (anchor: string, current = anchor) => ({ anchor, current });

test("cells between where choosing began and where it is are chosen, in page order", () => {
  expect(chosenCells(order, at("c", "a"))).toEqual(["a", "b", "c"]);
  expect(chosenCells(order, at("b"))).toEqual(["b"]);
  expect(chosenCells(order, undefined)).toEqual([]);
});

test("a step goes to the neighbour and stops at the ends; extended, what was chosen stays", () => {
  expect(stepped(order, at("b"), 1)).toEqual(at("c"));
  expect(stepped(order, at("d"), 1)).toEqual(at("d"));
  expect(stepped(order, undefined, 1)).toEqual(at("a"));
  expect(stepped(order, undefined, -1)).toEqual(at("d"));
  expect(stepped(order, at("b", "c"), 1, true)).toEqual(at("b", "d"));
  expect(stepped([], undefined, 1)).toBeUndefined();
});

test("a choice whose cell is gone falls on what took its place", () => {
  expect(kept(order, ["a", "c", "d"], at("b"))).toEqual(at("c"));
  expect(kept(order, ["a", "b"], at("d"))).toEqual(at("b"));
  expect(kept(order, ["b", "c"], at("a", "b"))).toEqual(at("b"));
  expect(kept(order, [], at("a"))).toBeUndefined();
});

test("a palette finds all words, what begins with the first before others", () => {
  const titles = ["Insert a cell above", "Run this cell", "Cell menu"];
  const found = (query: string) =>
    matching(
      titles.map((title) => ({ title, choose: () => {} })),
      query,
    ).map(({ title }) => title);
  expect(found("cell")).toEqual(["Cell menu", "Insert a cell above", "Run this cell"]);
  expect(found("cell ab")).toEqual(["Insert a cell above"]);
  expect(found("nothing")).toEqual([]);
});
