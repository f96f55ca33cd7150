import { expect, test } from "vitest";
import { readBack } from "../../../server/editing/reading-back.ts";
import { apply, editedOf, rewriteCell, workbookOf } from "../../../src/editing/index.ts";
import { parse, serialise } from "../../../src/workbook/index.ts";

const file = "---\ntitle: A\n---\nProse.\n\n```ts {#one}\n1\n```\n\n```ts {#two}\n2\n```\n";

const edited = editedOf(parse(file));
const prose = edited.cells[0]!.id;

/** What the file says after a cell's text became another. */
function written(cell: string, source: string) {
  const workbook = workbookOf(apply(edited, rewriteCell(edited, cell, source)));
  return readBack("a.md", serialise(workbook), workbook);
}

test("each cell is found at the line where it is", () => {
  const { lines, diagnostics } = written("one", "1\n1");
  expect([...lines]).toEqual([
    [prose, 4],
    ["one", 7],
    ["two", 12],
  ]);
  expect(diagnostics).toEqual([]);
});

test("prose that became blank is no cell in the file, and nobody is troubled with it", () => {
  const { lines, diagnostics } = written(prose, " \n");
  expect([...lines.keys()]).toEqual(["one", "two"]);
  expect(diagnostics).toEqual([]);
});

test.for(["~~~\nopen", "<!--"])("prose that takes in what is below is told: %j", (text) => {
  const { lines, diagnostics } = written(prose, text);
  expect(lines.size).toBe(0);
  expect(diagnostics.at(-1)).toEqual({
    message: `Cell #${prose} is not read from the file as it is here: look at what is above it for a fence or a comment that is not closed, or a fence inside of prose`,
    line: 4,
  });
});
