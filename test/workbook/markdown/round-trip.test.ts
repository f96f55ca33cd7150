import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cell, parse, serialise, type Workbook } from "../../../src/workbook/index.ts";
import { workbookText } from "../../support/workbook-text.ts";

const fence = "```";
const code = (source: string, info = "ts {#a}"): string => `${fence}${info}\n${source}\n${fence}\n`;

/** Documents that come back byte for byte. */
const documents = Number(process.env["DOCUMENT_ROUNDS"] ?? 4_000);

describe("properties", () => {
  test("any text comes back byte for byte, and cells stand where they say", () => {
    let cells = 0;
    fc.assert(
      fc.property(workbookText, (text) => {
        const workbook = parse(text);
        expect(serialise(workbook)).toBe(text);
        const lines = text.split(/\r\n|\n|\r/);
        for (const cell of workbook.cells) {
          const [first] = cell.source.split(/\r\n|\n|\r/);
          expect(lines[cell.line - 1]).toContain(first);
        }
        expect(new Set(workbook.cells.map((cell) => cell.id)).size).toBe(workbook.cells.length);
        cells += workbook.cells.filter((cell) => cell.kind !== "prose").length;
      }),
      { numRuns: documents },
    );
    expect(cells).toBeGreaterThan(documents / 8);
  });

  test("after any edit, ids are each cell's own, and those that the file states", () => {
    fc.assert(
      fc.property(workbookText, workbookText, workbookText, (first, second, third) => {
        const workbook = parse(second + third, parse(first + second));
        const ids = workbook.cells.map((cell) => cell.id);
        expect(new Set(ids).size).toBe(ids.length);
        const fresh = parse(second + third).cells;
        for (const [index, cell] of fresh.entries())
          if (!cell.anonymous) expect(ids[index]).toBe(cell.id);
      }),
      { numRuns: 500 },
    );
  });

  test("a code cell of any content, written anew, is read back", () => {
    const source = workbookText.map((text) => text.replace(/\r+$/, ""));
    const cell = fc.record({
      kind: fc.constantFrom("browser" as const, "kernel" as const),
      source,
      run: fc.constantFrom("live" as const, "demand" as const, "once" as const),
      note: fc.stringMatching(/^[^"`\n\r\u2028\u2029]*$/),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 4 }), (drafts) => {
        const cells = drafts.map(
          ({ note, ...draft }, index): Cell => ({
            ...draft,
            id: `c${index}`,
            line: 0,
            attributes: { note },
          }),
        );
        const made: Workbook = { title: 'A "title": #1', summary: "", cells };
        const read = parse(serialise(made));
        expect(read.title).toBe(made.title);
        expect(
          read.cells.map(({ id, kind, run, source, attributes }) => [
            id,
            kind,
            run,
            source,
            attributes!["note"],
          ]),
        ).toEqual(
          cells.map(({ id, kind, run, source, attributes }) => [
            id,
            kind,
            run,
            source,
            attributes!["note"],
          ]),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test("prose written anew is read back, neighbours kept apart", () => {
    const cells = ["one", "two\n\nthree"].map(
      (source, index): Cell => ({ id: `p${index}`, kind: "prose", source, line: 0, run: "live" }),
    );
    const old = parse(`before\n\n${code("x")}after`);
    const read = parse(serialise({ ...old, cells: [...old.cells, ...cells] }));
    expect(read.cells.map((cell) => cell.source)).toEqual([
      "before",
      "x",
      "after",
      "one",
      "two\n\nthree",
    ]);
    expect(read.cells.slice(3).map((cell) => cell.id)).toEqual(["p0", "p1"]);
  });
});
