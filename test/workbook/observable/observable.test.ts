import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Cell,
  parseWorkbook,
  serialiseWorkbook,
  type Workbook,
} from "../../../src/workbook/index.ts";
import { observableSource, observableText } from "../../support/observable-text.ts";

const parse = (text: string): Workbook => parseWorkbook("a.html", text);
const serialise = (workbook: Workbook): string => serialiseWorkbook("a.html", workbook);

const text = `<!doctype html>
<notebook theme="light-dark(air, near-midnight)" readonly="">
  <title>Points &amp; lines</title>
  <script id="1" type="text/markdown" pinned="">
    # A heading

    Text with <b>HTML</b>.
  </script>
  <!-- a word between cells -->
  <script id="2" type="module">
    const n = view(Inputs.range([0, 10]));
  </script>
  <script id="4" type="text/x-typescript" kernel="" run="demand" data-note="mine">
    const m: number = n * 2;
  </script>
  <script id="3" type="application/sql" database="var:db" output="rows" hidden="">
    SELECT 1
  </script>
  <script type="application/x-later">
    what is to come
  </script>
</notebook>
`;

test("a notebook: title, theme, cells with their modes, attributes and lines", () => {
  const workbook = parse(text);
  expect(workbook.title).toBe("Points & lines");
  expect(workbook.matter).toEqual({
    theme: "light-dark(air, near-midnight)",
    readonly: "",
    title: "Points & lines",
  });
  expect(workbook.diagnostics).toEqual([]);
  expect(workbook.cells.map(({ layout: _, ...cell }) => cell)).toEqual([
    {
      id: "1",
      kind: "prose",
      source: "# A heading\n\nText with <b>HTML</b>.",
      line: 5,
      run: "live",
      attributes: { pinned: true },
    },
    {
      id: "2",
      kind: "browser",
      mode: "js",
      source: "const n = view(Inputs.range([0, 10]));",
      line: 11,
      run: "live",
      attributes: {},
    },
    {
      id: "4",
      kind: "kernel",
      source: "const m: number = n * 2;",
      line: 14,
      run: "demand",
      attributes: { kernel: true, run: "demand", "data-note": "mine" },
    },
    {
      id: "3",
      kind: "prose",
      mode: "sql",
      source: "SELECT 1",
      line: 17,
      run: "live",
      attributes: { database: "var:db", output: "rows", hidden: true },
    },
    {
      id: expect.stringMatching(/^prose-/) as string,
      anonymous: true,
      kind: "prose",
      mode: "application/x-later",
      source: "what is to come",
      line: 20,
      run: "live",
      attributes: {},
    },
  ]);
  expect(serialise(workbook)).toBe(text);
});

describe("what is a cell", () => {
  const sources = (body: string): string[] => parse(body).cells.map(({ source }) => source);

  test.for<[name: string, text: string, sources: string[]]>([
    ["a script in the notebook", "<notebook><script>a</script></notebook>", ["a"]],
    [
      "no script before or after it",
      "<script>a</script><notebook></notebook><script>b</script>",
      [],
    ],
    ["no script in a comment", "<notebook><!-- <script>a</script> --><script>b</script>", ["b"]],
    ["one in another element", "<notebook><div><script>a</script></div>", ["a"]],
    ["in capitals", "<NOTEBOOK><SCRIPT>a</SCRIPT>", ["a"]],
    [
      "what Observable's own reader takes for the rest of the file",
      "<notebook><script><!-- <script></script><script>b</script>",
      ["<!-- <script>", "b"],
    ],
    ["one that is never closed", "<notebook><script>a</notebook>", ["a</notebook>"]],
  ])("%s", ([, body, expected]) => {
    expect(sources(body)).toEqual(expected);
    expect(serialise(parse(body))).toBe(body);
  });

  test.for<[name: string, text: string, problem: string]>([
    [
      "no notebook",
      "<p>",
      "1: Cannot find a notebook in this file: expected <notebook>, found none",
    ],
    ["a cell left open", "<notebook>\n<script>a", "2: This cell's <script> is never closed"],
    [
      "a run that is none",
      "<notebook>\n<script run=never>a</script>",
      "2: Unknown run=never: expected live, demand or once",
    ],
    [
      "an id given twice",
      "<notebook>\n<script id=1>a</script>\n<script id=1>b</script>",
      "3: The id #1 is already taken by a cell above; this one is #1-2 until it has its own",
    ],
  ])("%s is told, and nothing lost", ([, body, problem]) => {
    const workbook = parse(body);
    expect(workbook.diagnostics!.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      problem,
    ]);
    expect(serialise(workbook)).toBe(body);
  });
});

test("20,000 adversarial texts come back byte for byte", () => {
  fc.assert(
    fc.property(observableText, (body) => {
      expect(serialise(parse(body))).toBe(body);
    }),
    { numRuns: 20_000, seed: 1 },
  );
});

test("a source that becomes another changes nothing of the file but that cell's text, and is read back", () => {
  fc.assert(
    fc.property(observableText, observableSource, fc.nat(), (body, source, pick) => {
      const workbook = parse(body);
      const at = pick % Math.max(workbook.cells.length, 1);
      const cell = workbook.cells[at];
      if (!cell) return;
      const edited = serialise({
        ...workbook,
        cells: workbook.cells.with(at, { ...cell, source }),
      });
      const [before, after] = aroundOf(workbook, at);
      expect(edited.startsWith(before)).toBe(true);
      expect(edited.endsWith(after)).toBe(true);
      const sources = workbook.cells.map((one) => one.source).with(at, source);
      expect(parse(edited).cells.map((one) => one.source)).toEqual(sources);
    }),
    { numRuns: 3000, seed: 2 },
  );
});

/** The file's text before and after the source of a cell. */
function aroundOf(workbook: Workbook, at: number): [before: string, after: string] {
  const texts = workbook.cells.map(({ layout }) => [
    layout!.open,
    layout!.written!.text,
    layout!.close,
  ]);
  const before = [workbook.front!, ...texts.slice(0, at).flat(), texts[at]![0]!].join("");
  return [before, [texts[at]![2]!, ...texts.slice(at + 1).flat(), workbook.tail!].join("")];
}

describe("written anew", () => {
  const cellOf = fc.record({
    id: fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/),
    kind: fc.constantFrom<Cell["kind"]>("prose", "browser", "kernel"),
    source: observableSource,
    run: fc.constantFrom<Cell["run"]>("live", "demand", "once"),
    attributes: fc.dictionary(
      fc.constantFrom("pinned", "hidden", "output", "data-x", "__proto__"),
      fc.oneof(fc.constant<true>(true), fc.string({ minLength: 1 })),
    ),
  });

  test("cells of any source and attributes are read as they were meant", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(cellOf, { selector: ({ id }) => id, maxLength: 4 }),
        fc.string(),
        (cells, title) => {
          const meant = cells.map((cell): Cell => ({ ...cell, line: 1 }));
          const read = parse(serialise({ title, summary: "", cells: meant }));
          expect(read.matter).toEqual({ theme: "air", title });
          expect(
            read.cells.map(({ id, kind, source, run }) => ({ id, kind, source, run })),
          ).toEqual(meant.map(({ id, kind, source, run }) => ({ id, kind, source, run })));
          read.cells.forEach((cell, index) => {
            const { kernel: _, run: __, ...rest } = cell.attributes!;
            expect(Object.entries(rest).toSorted()).toEqual(
              Object.entries(meant[index]!.attributes!).toSorted(),
            );
          });
        },
      ),
      { numRuns: 500, seed: 3 },
    );
  });
});
