import { expect, test } from "vitest";
import { nearest } from "../../server/nearest.ts";

const words = ["--metric", "--memory", "--json", "-o"];

test.for<[string, string | undefined]>([
  ["--metrc", "--metric"],
  ["--merticc", "--metric"],
  ["--METRIC", "--metric"],
  ["--memroy", "--memory"],
  ["--jsno", "--json"],
  ["--yaml", undefined],
  ["--symmetrise", undefined],
  ["", undefined],
])("%s was meant to be %s", ([text, expected]) => {
  expect(nearest(text, words)).toBe(expected);
});
