import { describe, expect, test } from "vitest";
import { parse, serialise } from "../../../src/workbook/index.ts";

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
