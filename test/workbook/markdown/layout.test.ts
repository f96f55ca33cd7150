import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cell, parse, serialise, type Workbook } from "../../../src/workbook/index.ts";

/** A workbook with one of its cells changed. */
function changed(text: string, id: string, change: (cell: Cell) => Cell): Workbook {
  const workbook = parse(text);
  return {
    ...workbook,
    cells: workbook.cells.map((cell) => (cell.id === id ? change(cell) : cell)),
  };
}

const attributes = (values: Cell["attributes"]) => (cell: Cell) => ({
  ...cell,
  attributes: { ...cell.attributes, ...values },
});

describe("a cell that was edited since it was read", () => {
  test.for<[name: string, before: string, change: (cell: Cell) => Cell, after: string]>([
    [
      "keeps the attributes that stay as they are written",
      "```ts   {#a  note='two words' x}  \n1\n```",
      attributes({ pinned: true }),
      "```ts   {#a  note='two words' x pinned}  \n1\n```",
    ],
    [
      "has those that changed in their place",
      "```ts {#a x=1 y=2 z}\n1\n```\n",
      attributes({ y: "two words" }),
      '```ts {#a x=1 y="two words" z}\n1\n```\n',
    ],
    [
      "loses those that are gone, with their space",
      "```ts {#a x=1 run=demand z}\n1\n```\n",
      ({ attributes: { run: _, ...rest } = {}, ...cell }) => ({
        ...cell,
        run: "live",
        attributes: rest,
      }),
      "```ts {#a x=1 z}\n1\n```\n",
    ],
    [
      "goes to the kernel",
      "~~~js {#a}\r\n1\r\n~~~\r\n",
      (cell) => ({ ...cell, kind: "kernel" }),
      "~~~js {#a kernel}\r\n1\r\n~~~\r\n",
    ],
    [
      "comes from the kernel",
      "```ts {#a kernel run=once}\n1\n```\n",
      ({ attributes: { kernel: _, ...rest } = {}, ...cell }) => ({
        ...cell,
        kind: "browser",
        attributes: rest,
      }),
      "```ts {#a run=once}\n1\n```\n",
    ],
    [
      "has a fence longer than any inside it",
      "```ts {#a}\n1\n```\n",
      (cell) => ({ ...cell, source: "`\n```\n`" }),
      "````ts {#a}\n`\n```\n`\n````\n",
    ],
    [
      "that had no line has one",
      "```ts {#a}\n```\n",
      (cell) => ({ ...cell, source: "1" }),
      "```ts {#a}\n1\n```\n",
    ],
    [
      "becomes prose, in the lines of the file",
      "```ts {#a}\r\n1\r\n```\r\n",
      (cell) => ({ ...cell, kind: "prose", source: "text" }),
      "<!-- cell #a -->\r\ntext\r\n",
    ],
  ])("%s", ([, before, change, after]) => {
    expect(serialise(changed(before, "a", change))).toBe(after);
  });

  test("of any source and attributes is read as it was meant, and its neighbours as they were", () => {
    const line = fc.constantFrom("a", "```", "````", "~~~~", "```ts {#x}", "", "  ```", "`");
    const text = "before\n\n```ts {#a x=1}\n1\n```\nafter\n\n~~~ts {#b}\n2\n~~~\n";
    fc.assert(
      fc.property(
        fc.array(line).map((lines) => lines.join("\n")),
        fc.dictionary(
          fc.stringMatching(/^[a-z]{1,3}$/),
          fc.constantFrom("1", "two words", "it's"),
          {
            maxKeys: 3,
          },
        ),
        fc.constantFrom("a", "b"),
        (source, values, id) => {
          const workbook = changed(text, id, (cell) => ({ ...cell, source, attributes: values }));
          const read = parse(serialise(workbook));
          const plain = ({ cells }: Workbook) =>
            cells.map((cell) => [cell.kind, cell.source, cell.attributes]);
          expect(plain(read)).toEqual(plain(workbook));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("cells in another order", () => {
  const text = "one\n\n```ts {#a}\n1\n```\n\ntwo\n\n~~~ts {#b}\n2\n~~~";
  test("are read in that order: prose beside prose is marked, what had no end of line gets one", () => {
    const { cells, ...rest } = parse(text);
    fc.assert(
      fc.property(fc.shuffledSubarray([...cells], { minLength: 1 }), (order) => {
        const read = parse(serialise({ ...rest, cells: order }));
        expect(read.cells.map(({ source }) => source)).toEqual(order.map(({ source }) => source));
      }),
    );
  });

  test("a cell that was never closed is closed once something comes after it", () => {
    const { cells, ...rest } = parse("text\n\n```ts {#a}\n1");
    expect(serialise({ ...rest, cells: cells.toReversed() })).toBe("```ts {#a}\n1\n```\ntext\n\n");
  });
});

describe("front matter", () => {
  test.for<[before: string, matter: Record<string, string>, after: string]>([
    [
      "---\n# note\ntitle:  Old  # why\nother: 1\n---\nx\n",
      { title: "New", other: "1" },
      "---\n# note\ntitle: New\nother: 1\n---\nx\n",
    ],
    [
      "---\r\na: 1\r\n---\r\nx",
      { a: "1", title: "It: is" },
      '---\r\na: 1\r\ntitle: "It: is"\r\n---\r\nx',
    ],
    ["---\na: >\n  long\n  text\nb: 2\n---\n", { b: "2" }, "---\nb: 2\n---\n"],
    ["x\n", { title: "New" }, "---\ntitle: New\n---\n\nx\n"],
    ["\ufeffx\n", { title: "New" }, "\ufeff---\ntitle: New\n---\n\nx\n"],
  ])("%j", ([before, matter, after]) => {
    expect(serialise({ ...parse(before), matter })).toBe(after);
    expect(parse(after).matter).toEqual(matter);
  });
});
