import { expect, test } from "vitest";
import { cellName } from "../../../src/client/cell/cell-name.ts";

type Cell = Parameters<typeof cellName>[0];

const named = (cell: Partial<Cell>) =>
  cellName({ kind: "kernel", source: "", outputs: [], ...cell } as unknown as Cell);

test.for<[string, readonly string[], string]>([
  ["const a = 1, b = 2", ["a", "b"], "a, b"],
  ['import {openSeries} from "simile";\nconst s = openSeries("x")', ["openSeries", "s"], "s"],
  ['const text = "import a from b";\nconst a = 1', ["text", "a"], "text, a"],
])("%j is called after what it declares: %j", ([source, outputs, name]) => {
  expect(named({ id: "negufu", source, outputs })).toBe(name);
});

test("a cell that declares nothing goes by the id that a person gave it", () => {
  expect(named({ id: "load", source: "run()" })).toBe("load");
  expect(named({ id: "load", source: 'import x, {a as b} from "y"', outputs: ["x", "b"] })).toBe(
    "load",
  );
});

test.for<[string, string]>([
  ["run()\nmore()", "run()"],
  ['import x from "y"\n// says why\n\n  run()', "run()"],
  ['import "y"', 'import "y"'],
  ["f(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)", `f(${"a".repeat(45)}…`],
  ["  \n", "kernel"],
])("where the id was made, %j goes by how it begins: %j", ([source, name]) => {
  expect(named({ id: "negufu", source })).toBe(name);
});

test("an empty cell goes by its kind", () => {
  expect(named({ id: "negufu", kind: "browser" })).toBe("code");
});
