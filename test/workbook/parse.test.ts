import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cell, parse, serialise, type Workbook } from "../../src/workbook/index.ts";
import { workbookText } from "../support/workbook-text.ts";

const shape = (text: string): [string, string, string][] =>
  parse(text).cells.map((cell) => [cell.kind, cell.id, cell.source]);
const problems = (text: string): string[] =>
  parse(text).diagnostics!.map(({ line, message }) => `${line}: ${message}`);
const fence = "```";
const code = (source: string, info = "ts {#a}"): string => `${fence}${info}\n${source}\n${fence}\n`;

test("a workbook: title, summary, prose, browser and kernel cells, the line each begins on", () => {
  const text = [
    "---",
    "title: Grokking, seen in weight space",
    "summary: One sentence.",
    "author: Someone",
    "---",
    "Move the slider.",
    "",
    "```ts {#controls}",
    "const n = view(Inputs.range());",
    "```",
    "",
    "```ts {#matrix kernel run=demand note='two words'}",
    'import {x} from "simile";',
    "const m = x(n);",
    "```",
  ].join("\n");
  const workbook = parse(text);
  expect(workbook.title).toBe("Grokking, seen in weight space");
  expect(workbook.summary).toBe("One sentence.");
  expect(workbook.matter).toMatchObject({ author: "Someone" });
  expect(workbook.diagnostics).toEqual([]);
  expect(workbook.cells.map(({ layout: _, id: __, anonymous: ___, ...cell }) => cell)).toEqual([
    { kind: "prose", source: "Move the slider.", line: 6, run: "live", attributes: {} },
    {
      kind: "browser",
      source: "const n = view(Inputs.range());",
      line: 9,
      run: "live",
      attributes: {},
    },
    {
      kind: "kernel",
      source: 'import {x} from "simile";\nconst m = x(n);',
      line: 13,
      run: "demand",
      attributes: { kernel: true, run: "demand", note: "two words" },
    },
  ]);
  expect(serialise(workbook)).toBe(text);
});

describe("what is a cell", () => {
  test.for<[name: string, text: string, cells: [string, string, string][]]>([
    ["nothing", "", []],
    ["blank lines", "\n \n\t\n", []],
    ["a plain fence is prose", "```ts\na\n```\n", [["prose", "", "```ts\na\n```"]]],
    ["an empty cell", "```ts {#a}\n```", [["browser", "a", ""]]],
    ["a cell of one empty line", "```ts {#a}\n\n```", [["browser", "a", ""]]],
    ["a cell of two empty lines", "```ts {#a}\n\n\n```", [["browser", "a", "\n"]]],
    ["tildes", "~~~js {#a}\nx\n~~~\n", [["browser", "a", "x"]]],
    ["no space before the braces", "```ts{#a kernel}\nx\n```", [["kernel", "a", "x"]]],
    [
      "a longer fence closes",
      "```ts {#a}\nx\n`````  \ny",
      [
        ["browser", "a", "x"],
        ["prose", "", "y"],
      ],
    ],
    [
      "a shorter or other fence does not",
      "````ts {#a}\n```\n~~~~\n````",
      [["browser", "a", "```\n~~~~"]],
    ],
    [
      "an indented fence closes a cell",
      "```ts {#a}\nx\n   ```\ny",
      [
        ["browser", "a", "x"],
        ["prose", "", "y"],
      ],
    ],
    [
      "a fence indented by four does not",
      "```ts {#a}\n    ```\n```",
      [["browser", "a", "    ```"]],
    ],
    ["a fence with text after it does not", "```ts {#a}\n``` x\n```", [["browser", "a", "``` x"]]],
    [
      "a cell shown in a longer plain fence",
      "````\n```ts {#a}\nx\n```\n````\n",
      [["prose", "", "````\n```ts {#a}\nx\n```\n````"]],
    ],
    [
      "a cell in an HTML comment",
      "<!--\n```ts {#a}\nx\n```\n-->\n",
      [["prose", "", "<!--\n```ts {#a}\nx\n```\n-->"]],
    ],
    [
      "a cell after a comment on one line",
      "<!-- x -->\n```ts {#a}\nx\n```\n",
      [
        ["prose", "", "<!-- x -->"],
        ["browser", "a", "x"],
      ],
    ],
    [
      "a cell inside <pre>",
      "<pre>\n```ts {#a}\n```\n</pre>\n",
      [["prose", "", "<pre>\n```ts {#a}\n```\n</pre>"]],
    ],
    [
      "a cell right below <details>",
      "<details>\n```ts {#a}\nx\n```",
      [
        ["prose", "", "<details>"],
        ["browser", "a", "x"],
      ],
    ],
    [
      "a cell right below a paragraph",
      "p\n```ts {#a}\nx\n```",
      [
        ["prose", "", "p"],
        ["browser", "a", "x"],
      ],
    ],
    [
      "a fence in a list, then a cell",
      "- ```js\n  x\n  ```\n\n```ts {#a}\nx\n```",
      [
        ["prose", "", "- ```js\n  x\n  ```"],
        ["browser", "a", "x"],
      ],
    ],
    [
      "a fence left open in a list, then a cell",
      "1. ```js\n   x\n\n```ts {#a}\nx\n```",
      [
        ["prose", "", "1. ```js\n   x"],
        ["browser", "a", "x"],
      ],
    ],
    ["a quoted fence", "> ```ts {#a}\n> x\n> ```", [["prose", "", "> ```ts {#a}\n> x\n> ```"]]],
    ["inline code that begins a line", "```ts {`x`}\nx", [["prose", "", "```ts {`x`}\nx"]]],
    ["two ticks", "``ts {#a}\nx\n``", [["prose", "", "``ts {#a}\nx\n``"]]],
    ["braces inside attributes", '```ts {#a note="}{"}\nx\n```', [["browser", "a", "x"]]],
    [
      "a marker splits prose",
      "a\n<!-- cell #p -->\nb\n",
      [
        ["prose", "", "a"],
        ["prose", "p", "b"],
      ],
    ],
    [
      "a marker without a name splits too",
      "a\n<!-- cell -->\nb\n",
      [
        ["prose", "", "a"],
        ["prose", "", "b"],
      ],
    ],
    [
      "a marker with nothing after it",
      "<!-- cell #p -->\n```ts {#a}\nx\n```",
      [["browser", "a", "x"]],
    ],
    [
      "a comment about cells is no marker",
      "a\n<!-- cell phones -->\nb",
      [["prose", "", "a\n<!-- cell phones -->\nb"]],
    ],
    [
      "a marker in a fence is text",
      "```\n<!-- cell #p -->\n```",
      [["prose", "", "```\n<!-- cell #p -->\n```"]],
    ],
    ["indented code at the start of prose", "\n    x\n\ny  \n\n", [["prose", "", "    x\n\ny  "]]],
    [
      "CR LF",
      "a\r\n\r\n```ts {#a}\r\nx\r\ny\r\n```\r\n",
      [
        ["prose", "", "a"],
        ["browser", "a", "x\r\ny"],
      ],
    ],
    [
      "CR alone",
      "a\r```ts {#a}\rx\r```\r",
      [
        ["prose", "", "a"],
        ["browser", "a", "x"],
      ],
    ],
    [
      "NUL",
      "\0\n```ts {#a}\n\0\n```",
      [
        ["prose", "", "\0"],
        ["browser", "a", "\0"],
      ],
    ],
    ["a byte order mark", "\ufeff```ts {#a}\nx\n```", [["browser", "a", "x"]]],
  ])("%s", ([, text, cells]) => {
    // An id that the file does not state is made from content; the table leaves it empty.
    const found = shape(text).map(([kind, id, source]) => [
      kind,
      /^(cell|prose)-[\da-f]{8}$/.test(id) ? "" : id,
      source,
    ]);
    expect(found).toEqual(cells);
    expect(serialise(parse(text))).toBe(text);
  });
});

describe("front matter", () => {
  const values = (lines: string): unknown => parse(`---\n${lines}\n---\nx`).matter;
  test.for<[lines: string, values: Record<string, string>]>([
    ["title: a: b", { title: "a: b" }],
    ["title:   spaced   ", { title: "spaced" }],
    ["title: a # comment\n# another", { title: "a" }],
    ["title: a#b", { title: "a#b" }],
    ['title: "a \\"b\\" \\u00e9 # c"', { title: 'a "b" é # c' }],
    ["title: 'it''s'", { title: "it's" }],
    ["title: two\n  lines", { title: "two lines" }],
    ["summary: >-\n  two\n  lines\n\n  more", { summary: "two lines\nmore" }],
    ["summary: |\n  two\n  lines", { summary: "two\nlines" }],
    ["title:", { title: "" }],
    ["tags:\n  - a\n  - b\ntitle: x", { tags: "  - a\n  - b", title: "x" }],
    ["tags:\n- a\ntitle: x", { tags: "- a", title: "x" }],
    ["nested: {a: 1}\n\ntheme: dark", { nested: "{a: 1}", theme: "dark" }],
    ["", {}],
  ])("%j", ([lines, expected]) => {
    expect(values(lines)).toEqual(expected);
  });

  test.for<[text: string, problems: string[]]>([
    [
      "---\ntitle: x\n\n```ts {#a}\n```\n",
      ["1: Front matter is never closed: expected a line ---"],
    ],
    [
      "---\ntitle: x\noops\n---\n",
      ['3: Cannot read front matter: expected "key: value", found "oops"'],
    ],
    ['---\ntitle: "x\n---\n', ['1: Cannot read front matter: the quotes of "title" do not close']],
    ["---\n\nA rule, then text\n", []],
    [" ---\ntitle: x\n---\n", []],
  ])("that is none is kept as text: %j", ([text, expected]) => {
    expect(problems(text)).toEqual(expected);
    expect(parse(text).cells[0]!.source).toContain("---");
    expect(serialise(parse(text))).toBe(text);
  });

  test("without a title, the first heading is the title", () => {
    expect(parse(`text\n\n${code("# no")}\n## Two *words* ##\n# One\n`).title).toBe("One");
    expect(parse("text").title).toBe("");
  });
});

describe("what is not as it should be is reported, and kept", () => {
  test.for<[text: string, problems: string[]]>([
    ["a\n```ts {#a}\nx", ["2: This cell's fence is never closed"]],
    ["```ts {#a run=often}\nx\n```", ["1: Unknown run=often: expected live, demand or once"]],
    ["```ts {#a run}\nx\n```", ["1: Unknown run=true: expected live, demand or once"]],
    [
      "\n  ```ts {#a}\nx\n  ```",
      ["2: This fence is text, not a cell: a cell's fence begins at the start of its line"],
    ],
    [
      "```py {#a}\nx\n```",
      ['1: This fence is text, not a cell: expected the language ts or js, found "py"'],
    ],
    [
      `${code("1")}${code("2")}`,
      ["5: The id #a is already taken by a cell above; this one is #a-2 until it has its own"],
    ],
  ])("%j", ([text, expected]) => {
    expect(problems(text)).toEqual(expected);
    expect(serialise(parse(text))).toBe(text);
  });
});

describe("identity", () => {
  const ids = (text: string): string[] => parse(text).cells.map((cell) => cell.id);

  test("an id made from content does not change when other cells do", () => {
    const cell = code("const a = 1", "ts {}");
    const [id] = ids(cell);
    expect(ids(`prose\n\n${code("other")}\n${cell}`)).toContain(id);
    expect(ids(`${code("const b = 2", "ts {kernel}")}${cell}`)).toContain(id);
  });

  test("cells of the same content are numbered", () => {
    const [first, second, third] = ids(code("1", "ts {}").repeat(3));
    expect([second, third]).toEqual([`${first}-2`, `${first}-3`]);
  });

  test("an id that the file states is given to no other cell", () => {
    const [made] = ids(code("1", "ts {}"));
    expect(ids(code("1", "ts {}") + code("2", `ts {#${made}}`))).toEqual([`${made}-2`, made]);
    expect(ids(code("1") + code("2") + code("3", "ts {#a-2}"))).toEqual(["a", "a-3", "a-2"]);
  });
});

describe("identity through an edit", () => {
  const one = (source: string): string => code(source, "ts {}");
  const before = parse(
    `intro\n\n${one("a")}middle\n\n${one("b")}${code("c", "ts {#named}")}${one("d")}`,
  );
  const [intro, a, middle, b, , d] = before.cells.map((cell) => cell.id);

  test.for<[name: string, text: string, ids: (string | undefined)[]]>([
    ["an edited cell", `intro\n\n${one("A")}middle\n\n${one("b")}`, [intro, a, middle, b]],
    ["two edited neighbours", `Intro\n\n${one("A")}middle\n\n${one("b")}`, [intro, a, middle, b]],
    ["a cell put before", `${one("x")}intro\n\n${one("a")}`, ["new", intro, a]],
    ["a cell put between", `intro\n\n${one("a")}${one("x")}middle\n\n`, [intro, a, "new", middle]],
    ["a cell taken out", `${one("a")}middle`, [a, middle]],
    ["a cell that changes sides", `intro\n\n${code("a", "ts {kernel}")}middle`, [intro, a, middle]],
    ["an edit behind a named cell", `${code("x", "ts {#named}")}${one("D")}`, ["named", d]],
    [
      "a cell that is given a name",
      `intro\n\n${code("a", "ts {#own}")}middle`,
      [intro, "own", middle],
    ],
    [
      "a name that was another's made id",
      `intro\n\n${one("a")}middle\n\n${code("y", `ts {#${a}}`)}`,
      [intro, "new", middle, a],
    ],
  ])("%s", ([, text, expected]) => {
    const known = new Set(before.cells.map((cell) => cell.id)).add("own");
    const after = parse(text, before).cells.map((cell) => cell.id);
    expect(after.map((id) => (known.has(id) ? id : "new"))).toEqual(expected);
    expect(new Set(after).size).toBe(after.length);
  });

  test("what a cell was given survives many edits", () => {
    let workbook = parse(`p\n\n${one("0")}q`);
    const id = workbook.cells[1]!.id;
    for (let n = 1; n < 5; n++) workbook = parse(`p${n}\n\n${one(String(n))}q`, workbook);
    expect(workbook.cells[1]!.id).toBe(id);
    // The id of the first content is still taken when that content comes back elsewhere.
    const again = parse(`p\n\n${one("9")}q\n\n${one("0")}`, workbook);
    expect(again.cells.map((cell) => cell.id).slice(1)).toEqual([id, expect.anything(), `${id}-2`]);
  });
});

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
      { numRuns: 4_000 },
    );
    expect(cells).toBeGreaterThan(500);
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
