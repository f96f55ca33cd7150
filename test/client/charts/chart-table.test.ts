// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { csvOf, tableElement } from "../../../src/client/charts/chart-table.ts";
import { blockMeans, rasterOf } from "../../../src/client/charts/raster.ts";

const table = {
  caption: "Names",
  columns: ['a "quoted" one', "value"],
  count: 2,
  row: (i: number) => [["x,y", "line\nbreak"][i]!, [0.1 + 0.2, Number.NaN][i]!],
};

test("CSV quotes what needs it, keeps all digits, and leaves empty what is undefined", () => {
  expect(csvOf(table)).toBe(
    '"a ""quoted"" one",value\r\n"x,y",0.30000000000000004\r\n"line\nbreak",\r\n',
  );
});

test("a large table shows its beginning and says so", () => {
  const large = {
    caption: "Large",
    columns: Array.from({ length: 100 }, (_, i) => `c${i}`),
    count: 501,
    row: (i: number) => Array.from({ length: 100 }, (_, j) => (j === 0 ? String(i) : j)),
  };
  const made = tableElement(large, String);
  expect(made.querySelectorAll("tbody tr")).toHaveLength(500);
  expect(made.querySelectorAll("thead th")).toHaveLength(60);
  expect(made.querySelector("caption")?.textContent).toBe(
    "Large (the first 500 of 501 rows, the first 60 of 100 columns; all are in the CSV file)",
  );
});

test("a raster has a pixel per entry up to 1024, then the mean of blocks, without what is undefined", () => {
  expect(rasterOf({ rows: 1024, columns: 3 })).toEqual({ rows: 1024, columns: 3, block: 1 });
  expect(rasterOf({ rows: 1025, columns: 3 })).toEqual({ rows: 513, columns: 2, block: 2 });
  const size = { rows: 3, columns: 3 };
  const raster = { rows: 2, columns: 2, block: 2 };
  const data = [1, 2, 3, 4, Number.NaN, 6, 7, 8, Number.NaN];
  expect([...blockMeans(data, size, raster, 0, 2)]).toEqual([7 / 3, 4.5, 7.5, Number.NaN]);
  expect([...blockMeans(data, size, raster, 1, 2)]).toEqual([7.5, Number.NaN]);
});
