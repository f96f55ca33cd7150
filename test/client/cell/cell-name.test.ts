import { expect, test } from "vitest";
import { cellName } from "../../../src/client/cell/cell-name.ts";

const cell = (source: string, outputs: readonly string[]) =>
  cellName({ id: "load", kind: "kernel", source, outputs } as unknown as Parameters<
    typeof cellName
  >[0]);

test.for<[string, readonly string[], string]>([
  ["const a = 1, b = 2", ["a", "b"], "a, b"],
  ['import {openSeries} from "simile";\nconst s = openSeries("x")', ["openSeries", "s"], "s"],
  ['import x, {a as b} from "y"; import * as z from "z"', ["x", "b", "z"], "load"],
  ['const text = "import a from b";\nconst a = 1', ["text", "a"], "text, a"],
  ["run()", [], "load"],
  ["  \n", [], "kernel"],
])("%j is called after %j", ([source, outputs, name]) => {
  expect(cell(source, outputs)).toBe(name);
});
