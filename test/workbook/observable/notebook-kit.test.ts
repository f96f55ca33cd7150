import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type Cell,
  markdownToObservable,
  observableToMarkdown,
  parseWorkbook,
  serialiseWorkbook,
} from "../../../src/workbook/index.ts";

/** What Notebook Kit 2.1.8 itself writes, and reads of it; see notebook-kit.mjs. */
const { html, read } = JSON.parse(
  readFileSync(new URL("../../golden/notebook-kit.json", import.meta.url), "utf8"),
) as {
  html: string;
  read: { cells: { id: number; mode: string; value: string; hidden: boolean; pinned: boolean }[] };
};

const notebook = (text: string) => parseWorkbook("a.html", text);
/** A mode as the file names it. */
const modeOf = ({ mode, kind }: Cell): string => mode ?? (kind === "prose" ? "md" : "ts");
const shown = (text: string) =>
  notebook(text).cells.map(({ layout: _, line: __, attributes = {}, ...cell }) => ({
    ...cell,
    attributes: Object.entries(attributes).sort(),
  }));

test("what Notebook Kit writes is read as it reads it itself, and comes back byte for byte", () => {
  expect(
    notebook(html).cells.map((cell) => ({
      id: Number(cell.id),
      mode: modeOf(cell),
      value: cell.source,
      hidden: cell.attributes?.["hidden"] !== undefined,
      pinned: cell.attributes?.["pinned"] !== undefined,
    })),
  ).toEqual(
    read.cells.map(({ id, mode, value, hidden, pinned }) => ({ id, mode, value, hidden, pinned })),
  );
  expect(serialiseWorkbook("a.html", notebook(html))).toBe(html);
});

test("by way of Markdown it comes back with the same cells, and nothing is left out", () => {
  const markdown = observableToMarkdown(html);
  const back = markdownToObservable(markdown.text);
  expect(shown(back.text)).toEqual(shown(html));
  expect([markdown.notes, back.notes]).toEqual([[], []]);
});
