import { describe, expect, test } from "vitest";
import { parse, serialise } from "../../../src/workbook/index.ts";

const problems = (text: string): string[] =>
  parse(text).diagnostics!.map(({ line, message }) => `${line}: ${message}`);
const fence = "```";
const code = (source: string, info = "ts {#a}"): string => `${fence}${info}\n${source}\n${fence}\n`;

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
