import { expect, test } from "vitest";
import { type Cell, parseWorkbook, serialiseWorkbook } from "../../../src/workbook/index.ts";

const text = `<!doctype html>
<notebook theme="air">
  <title>Old</title>
  <script id="1" type="module" x="1">
    1
  </script>
  <!-- between -->
  <script id="2"  type=text/markdown pinned>
    # Text
  </script>
</notebook>
`;

/** The text with a cell changed. */
function changed(id: string, change: (cell: Cell) => Cell): string {
  const workbook = parseWorkbook("a.html", text);
  const cells = workbook.cells.map((cell) => (cell.id === id ? change(cell) : cell));
  return serialiseWorkbook("a.html", { ...workbook, cells });
}

test("a cell whose attributes changed has another tag, and nothing else is another", () => {
  const after = changed("1", ({ attributes, ...cell }) => ({
    ...cell,
    attributes: { ...attributes, pinned: true },
  }));
  expect(after).toBe(
    text.replace(
      '<script id="1" type="module" x="1">',
      '<script id="1" type="module" pinned="" x="1">',
    ),
  );
});

test("a cell that goes to the kernel, or reruns when asked, says so", () => {
  expect(changed("1", (cell) => ({ ...cell, kind: "kernel", run: "demand" }))).toContain(
    '<script id="1" type="module" kernel="" run="demand" x="1">\n    1\n',
  );
});

test("another title is in the head; the rest of it stays", () => {
  const workbook = parseWorkbook("a.html", text);
  const matter = { ...workbook.matter, title: "A < B" };
  expect(serialiseWorkbook("a.html", { ...workbook, matter })).toBe(
    text.replace("Old", "A &lt; B"),
  );
});
