import { expect, test } from "vitest";
import { fileNameOf } from "../../../src/client/charts/save.ts";

test.for([
  ["Tensor similarity", "tensor-similarity"],
  ["  ‖T‖ (p = 113), größer ", "t-p-113-größer"],
  ["../../etc/passwd", "etc-passwd"],
  ["…", "chart"],
  ["x".repeat(100), "x".repeat(80)],
])("a chart %j is saved as %s", ([name, file]) => {
  expect(fileNameOf(name!)).toBe(file);
});
