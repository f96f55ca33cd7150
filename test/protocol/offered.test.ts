import { expect, test } from "vitest";
import { isOffered } from "../../src/protocol/index.ts";

test.for([
  ["similarityMatrix", "", true],
  ["similarityMatrix", "sim", true],
  ["similarityMatrix", "SIM", true],
  ["similarityMatrix", "simMat", true],
  ["similarityMatrix", "simat", true],
  ["similarityMatrix", "sm", true],
  ["getElementById", "gebi", true],
  ["HTMLElement", "htmle", true],
  ["HTMLElement", "he", true],
  ["max_steps_2", "ms2", true],
  ["similarityMatrix", "matrix", false],
  ["similarityMatrix", "smx", false],
  ["NavigationPreloadManager", "nope", false],
  ["NavigationPreloadManager", "npm", true],
  ["nan", "nann", false],
  ["𝒳s", "𝒳s", true],
] as const)("%s, typed %s: %s", ([name, typed, is]) => {
  expect(isOffered(name, typed)).toBe(is);
});
