import { describe, expect, test } from "vitest";
import { apply, editedOf, rewriteCell, workbookOf } from "../../src/editing/index.ts";
import { parse, serialise } from "../../src/workbook/index.ts";

/** The file after the source of its cell #a became another. */
function rewritten(file: string, source: string): string {
  const workbook = editedOf(parse(file));
  return serialise(workbookOf(apply(workbook, rewriteCell(workbook, "a", source))));
}

const fence = (source: string, end: string) => ["```ts {#a}", source, "```", ""].join(end);

describe("lines of an edited cell", () => {
  test.for(["\n", "\r\n", "\r"])("end as all of the file's do: %j", (end) => {
    const lines = (...texts: string[]) => fence(texts.join(end), end);
    expect(rewritten(lines("one", "two"), "one\nnew\ntwo")).toBe(lines("one", "new", "two"));
    expect(rewritten(lines("one", "two"), "new")).toBe(lines("new"));
  });

  test("of several kinds keep theirs, above what was edited and below it", () => {
    const before = "1\n2\r\n3\r4\r\n5\n6";
    expect(rewritten(fence(before, "\n"), "1\n2\n3\nx\n5\n6")).toBe(
      fence("1\n2\r\n3\rx\n5\n6", "\n"),
    );
    expect(rewritten(fence(before, "\n"), "1\n2\n3\n5\n6")).toBe(fence("1\n2\r\n3\r5\n6", "\n"));
    expect(rewritten(fence(before, "\n"), "x\n1\n2\n3\n4\n5\n6")).toBe(fence(`x\n${before}`, "\n"));
  });

  test("that are new end as the cell's first does", () => {
    expect(rewritten(fence("1\r\n2\n3", "\n"), "1\nx\ny\n3")).toBe(fence("1\r\nx\r\ny\r\n3", "\n"));
  });

  test("that are one and become two end as the file's do", () => {
    expect(rewritten(fence("1", "\r\n"), "1\n2")).toBe(fence("1\r\n2", "\r\n"));
  });
});
