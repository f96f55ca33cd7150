import { expect, test } from "vitest";
import {
  openingCell,
  relativePath,
} from "../../../../src/client/panels/checkpoints/opening-cell.ts";

test.for([
  ["a.md", "data/run", "data/run"],
  ["deep/a.md", "deep/data/run", "data/run"],
  ["deep/a.md", "data/run", "../data/run"],
  ["deep/er/a.md", "deep/x", "../x"],
  ["a.md", "", "."],
  ["deep/a.md", "", ".."],
  ["deep/a.md", "deeper/x", "../deeper/x"],
] as const)("from %s, %s is %s", ([workbook, path, relative]) => {
  expect(relativePath(workbook, path)).toBe(relative);
});

test("a cell opens a series or a file by the way from its workbook, under a name that is free", () => {
  expect(openingCell("series", "data/it's", "a.md", new Set(["series", "series2"]))).toEqual({
    kind: "kernel",
    source: `import { openSeries } from "simile";\n\nconst series3 = await openSeries("data/it's");`,
  });
  expect(openingCell("file", "deep/data/a.pt", "deep/a.md", new Set()).source).toBe(
    `import { openCheckpoint } from "simile";\n\nconst checkpoint = await openCheckpoint("data/a.pt");`,
  );
});
