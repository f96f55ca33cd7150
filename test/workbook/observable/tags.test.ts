import { describe, expect, test } from "vitest";
import { tagsOf } from "../../../src/workbook/observable/tags.ts";

const shown = (text: string): string[] =>
  Array.from(tagsOf(text), ({ name, closing, attributes }) =>
    [closing ? `/${name}` : name, ...Array.from(attributes, (pair) => pair.join("="))].join(" "),
  );

describe("the tags of a page", () => {
  test.for<[name: string, text: string, tags: string[]]>([
    ["none", "a < b", []],
    ["names and attributes in small letters", '<A Href="X">', ["a href=X"]],
    ["values in quotes, bare and left out", `<a b='c d' e=f/ g = "h" i>`, ["a b=c d e=f/ g=h i="]],
    ["the first of two", "<a b=1 b=2>", ["a b=1"]],
    ["a tag in a value", '<a b="<script>">', ["a b=<script>"]],
    ["references", '<a b="&lt;&#39;&#x22;&amp;amp;&nope;&#0;">', ["a b=<'\"&amp;&nope;&#0;"]],
    ["a comment", "<!-- <a> --><b>", ["b"]],
    ["comments of nothing", "<!--><a><!---><b>", ["a", "b"]],
    ["a comment ended with a bang", "<!-- <a> --!><b>", ["b"]],
    ["a comment that never ends", "<!-- <a>", []],
    ["a doctype and an instruction", "<!doctype html><?x <a ?><b>", ["b"]],
    ["a tag in a script", "<script><a></script ><b>", ["script", "/script", "b"]],
    [
      "a script in a comment in a script",
      "<script><!-- <script></script><b>",
      ["script", "/script", "b"],
    ],
    [
      "what only begins as an end",
      "<script></scripts><a></script/><b>",
      ["script", "/script", "b"],
    ],
    [
      "a tag in a title and a style",
      "<title><a></title><style><b></style>",
      ["title", "/title", "style", "/style"],
    ],
    ["a script that never ends", "<script><a>", ["script"]],
    ["a tag that never ends", '<a><b c="d>', ["a"]],
  ])("%s", ([, text, tags]) => expect(shown(text)).toEqual(tags));

  test("reading takes time in proportion to the text", () => {
    const hostile = ["<!--", "<script>", '<a b="', "<a ", "</script", "<a b=", "<title>", "<"];
    for (const part of hostile) expect(shown(part.repeat(50_000)).length).toBeLessThan(2);
    expect(shown("<a>".repeat(50_000))).toHaveLength(50_000);
  });
});
