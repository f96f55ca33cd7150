import { expect, test } from "vitest";
import { isForeign, modeOf, typeOf } from "../../../src/workbook/observable/modes.ts";

test("a script without a type, or with an empty one, is JavaScript; one not known is its own name", () => {
  expect([undefined, "", "module"].map(modeOf)).toEqual(["js", "js", "js"]);
  expect(["text/x-typescript", "text/markdown", "application/sql"].map(modeOf)).toEqual([
    "ts",
    "md",
    "sql",
  ]);
  expect(modeOf("application/x-later")).toBe("application/x-later");
});

test("a cell has the type of its language, else that of its kind", () => {
  expect(typeOf({ kind: "prose" })).toBe("text/markdown");
  expect(typeOf({ kind: "kernel" })).toBe("text/x-typescript");
  expect(typeOf({ kind: "browser", mode: "js" })).toBe("module");
  expect(typeOf({ kind: "prose", mode: "dot" })).toBe("text/vnd.graphviz");
  expect(typeOf({ kind: "prose", mode: "application/x-later" })).toBe("application/x-later");
});

test("languages that workbooks run, and words that are no language there, are not foreign", () => {
  expect(["sql", "html", "python", "ojs"].map(isForeign)).toEqual([true, true, true, true]);
  expect(["js", "ts", "md", "go", "module"].map(isForeign)).toEqual(Array(5).fill(false));
});
