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

/** The text with other values in its head. */
function retitled(values: Readonly<Record<string, string | undefined>>, of = text): string {
  const workbook = parseWorkbook("a.html", of);
  const matter = Object.fromEntries(
    Object.entries({ ...workbook.matter, ...values }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  return serialiseWorkbook("a.html", { ...workbook, matter });
}

test("a title that is taken away is in the head no more; one that was not there is added to it", () => {
  expect(retitled({ title: undefined })).toBe(text.replace("<title>Old</title>", ""));
  const untitled = text.replace("\n  <title>Old</title>", "");
  expect(retitled({ title: "New" }, untitled)).toBe(text.replace("Old", "New"));
});

test("another value of the head writes the head anew, and leaves the cells", () => {
  const after = retitled({ readonly: "", author: 'A & "B"' });
  expect(after.slice(0, after.indexOf("<script"))).toBe(
    [
      "<!doctype html>",
      '<notebook theme="air" readonly="">',
      "  <title>Old</title>",
      '  <meta name="author" content="A &amp; &quot;B&quot;">',
      "  ",
    ].join("\n"),
  );
  expect(after.slice(after.indexOf("<script"))).toBe(text.slice(text.indexOf("<script")));
  expect(parseWorkbook("a.html", after).matter).toMatchObject({ author: 'A & "B"' });
});

test("of two titles the first is the notebook's", () => {
  const twice = text.replace("</title>", "</title><title>Other</title>");
  expect(parseWorkbook("a.html", twice).title).toBe("Old");
});

test("a script that the file never closed is closed when another cell comes after it, or it is edited", () => {
  const open = "<notebook><script>a";
  const workbook = parseWorkbook("a.html", open);
  const [cell] = workbook.cells;
  const { layout: _, anonymous: __, ...added } = { ...cell!, id: "new", source: "b" };
  expect(serialiseWorkbook("a.html", { ...workbook, cells: [cell!, added] })).toBe(
    `${open}</script>\n  <script id="new" type="module">\n    b\n  </script>`,
  );
  const edited = { ...workbook, cells: [{ ...cell!, source: "b" }] };
  expect(serialiseWorkbook("a.html", edited)).toBe("<notebook><script>\n    b\n  </script>");
});
