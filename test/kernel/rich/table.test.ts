import { expect, test } from "vitest";
import { bundleOf } from "../../../kernel/output/bundle.ts";
import { tableHtml } from "../../../kernel/rich/table.ts";

test("rows are a table: columns of all rows, numbers to the right, text escaped", () => {
  const rows = [
    { step: 0, loss: 1 / 3 },
    { step: 100, note: "<b>" },
  ];
  expect(tableHtml(rows)).toBe(
    '<table><caption>2 rows</caption><thead><tr><th></th><th style="text-align:right">step</th><th style="text-align:right">loss</th><th style="text-align:left">note</th></tr></thead><tbody><tr><th>0</th><td style="text-align:right">0</td><td style="text-align:right">0.333333</td><td></td></tr><tr><th>1</th><td style="text-align:right">100</td><td></td><td style="text-align:left">&lt;b&gt;</td></tr></tbody></table>',
  );
  expect(bundleOf(rows)).toMatchObject({
    "text/html": expect.stringContaining("<table>"),
    "text/plain": expect.stringContaining("step: 0"),
  });
});

test("of many rows and columns the first are shown, and it says so; getters are not called", () => {
  let called = 0;
  const row = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`c${i}`, i]));
  Object.defineProperty(row, "c1", { enumerable: true, get: () => ++called });
  const html = tableHtml(Array.from({ length: 1_000 }, () => row))!;
  expect(html.match(/<tr>/g)).toHaveLength(21);
  expect(html).toContain("1,000 rows, the first 20, 12 of 30 columns");
  expect(html).toContain("<td>…</td>");
  expect(called).toBe(0);
});

test("columns that are in some rows only are counted with the others", () => {
  const rows = Array.from({ length: 1_300 }, (_, i) => ({ [`c${i % 15}`]: i }));
  const html = tableHtml(rows)!;
  expect(html).toContain("1,300 rows, the first 20, 12 of 15 columns");
  expect(html.match(/<th style/g)).toHaveLength(12);
  expect(tableHtml(rows.slice(0, 12))).toContain("<caption>12 rows</caption>");
  expect(tableHtml(rows.slice(0, 1))).toContain("<caption>1 row</caption>");
});

test("a long text is cut at 80 letters", () => {
  expect(tableHtml([{ a: "x".repeat(80) }])).toContain(`>${"x".repeat(80)}</td>`);
  expect(tableHtml([{ a: "x".repeat(81) }])).toContain(`>${"x".repeat(80)}…</td>`);
});

test.for([[], [1, 2], [{ a: 1 }, null], [new Date()], [{}], "text", { a: 1 }])(
  "%j is no table",
  (value) => {
    expect(tableHtml(value)).toBeUndefined();
  },
);

test("parts of a row are named, not written out", () => {
  const row = {
    list: [1, 2],
    numbers: new Float64Array(3),
    bytes: new DataView(new ArrayBuffer(4)),
    date: new Date(0),
    never: new Date(Number.NaN),
    object: { a: 1 },
    nothing: null,
  };
  const html = tableHtml([row])!;
  for (const text of [
    "Array(2)",
    "Float64Array(3)",
    "DataView(4)",
    "1970-01-01T00:00:00.000Z",
    "Invalid Date",
    "{…}",
    "null",
  ]) {
    expect(html).toContain(`<td style="text-align:left">${text}</td>`);
  }
});
