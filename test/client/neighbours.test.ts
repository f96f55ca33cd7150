import { expect, test } from "vitest";
import { neighboursOf, staleNames } from "../../src/client/neighbours.ts";
import { expression, kernelCell, program } from "../support/workbook-graph.ts";

const cells = [
  program("n", "", [], ["n"]),
  kernelCell("k", ["n"], ["k"]),
  kernelCell("m", ["n"], ["m"], "1", ["k"]),
  expression("shown", "m + n", ["m", "n", "display"]),
];

test("what a cell reads, and what reads it, across both sides and directly", () => {
  const found = neighboursOf(cells);
  expect([...found.get("n")!.readers]).toEqual(["k", "shown"]);
  expect([...found.get("m")!.reads]).toEqual(["k"]);
  expect([...found.get("shown")!.reads]).toEqual(["m", "n"]);
});

test("what reads a name that is out of date says which, through any number of cells", () => {
  expect(staleNames(cells, () => false).size).toBe(0);
  expect([...staleNames(cells, (id) => id === "k")]).toEqual([
    ["m", ["k"]],
    ["shown", ["m"]],
  ]);
});
