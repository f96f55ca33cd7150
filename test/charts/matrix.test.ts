import { expect, test } from "vitest";
import { entryName } from "../../src/charts/index.ts";

test.for([
  [undefined, "value"],
  ["closure", "similarity (closure)"],
  ["weight cosine", "weight cosine"],
  ["similarity", "similarity"],
] as const)("an entry of metric %j is a %j", ([metric, name]) => {
  expect(entryName({ metric })).toBe(name);
});
