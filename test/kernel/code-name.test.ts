import { expect, test } from "vitest";
import { codeName, codeOrigin, withoutCodeNames } from "../../kernel/code-name.ts";

test("the name of a run's code lies beside the workbook, and says whose it is", () => {
  for (const cell of ["matrix", "ä b", "a#b", "100%", "In [1]"]) {
    const name = codeName("/w/books", { cell, run: 12 });
    expect(name).toMatch(/^\/w\/books\/cell:[^/]+$/);
    expect(codeOrigin(`    at f (${name}:4:41)`)).toEqual({ cell, run: 12 });
  }
  expect(codeOrigin("at f (/w/books/a.ts:1:1)")).toBeUndefined();
});

test("a printed stack has the cell's own name, and no frame of the kernel", () => {
  const own = new URL("../../kernel/schedule/run.ts", import.meta.url).href;
  const name = codeName("/w", { cell: "a b", run: 3 });
  expect(withoutCodeNames(`Error: x\n    at ${name}:4:41\n    at run (${own}:1:1)`, "/w")).toBe(
    "Error: x\n    at a b:4:41",
  );
});

test("a text that has no such name is as it is, though it looks like one", () => {
  for (const text of ["plain", "cell:", "cell:50%#1", `at ${import.meta.url}`]) {
    expect(withoutCodeNames(text, "/w")).toBe(text);
  }
  expect(codeOrigin("cell:50%#1")).toBeUndefined();
});
