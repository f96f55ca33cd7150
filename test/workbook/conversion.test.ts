import { describe, expect, test } from "vitest";
import { markdownToObservable, observableToMarkdown } from "../../src/workbook/index.ts";

const notebook = (body: string): string =>
  `<!doctype html>\n<notebook theme="air">\n  <title>A</title>${body}\n</notebook>\n`;
const script = (attributes: string, source = "1"): string =>
  `\n  <script ${attributes}>\n    ${source}\n  </script>`;

describe("what Markdown has no place for is left out, and noted", () => {
  test.for([
    [
      "a comment between cells",
      `${script('id="1" type="module"')}\n  <!-- a word -->${script('id="2" type="module"')}`,
      "What stands between the cells is left out",
    ],
    [
      "a comment behind the last",
      `${script('id="1" type="module"')}\n  <!-- a word -->`,
      "What stands between the cells is left out",
    ],
    [
      "an attribute of several lines",
      script('id="1" type="module" note="a\nb"'),
      "The attribute note of the cell #1 is left out",
    ],
    [
      "an attribute with both quotes",
      script('id="1" type="module" note="a&quot;b\'c"'),
      "The attribute note of the cell #1 is left out",
    ],
    [
      "an attribute of prose that would end its marker",
      script('id="1" type="text/markdown" note="a-->b"', "text"),
      "The attribute note of the cell #1 is left out",
    ],
    [
      "a blank cell of text",
      script('id="1" type="text/markdown"', ""),
      "The cell #1 is blank and left out",
    ],
  ] as const)("%s", ([, body, note]) => {
    expect(observableToMarkdown(notebook(body)).notes).toEqual([note]);
  });

  test("what it has a place for is not noted", () => {
    const { text, notes } = observableToMarkdown(
      notebook(script('id="1" type="module" pinned="" note="a b"')),
    );
    expect(notes).toEqual([]);
    expect(text).toMatch(/^```js \{#1 pinned note="a b"\}$/m);
  });
});

describe("what an Observable notebook has no place for is left out, and noted", () => {
  test.for([
    [
      "an attribute in capitals",
      "```ts {#a Note=1}\n1\n```\n",
      "The attribute Note of the cell #a is left out",
    ],
    [
      "an attribute named type",
      "```ts {#a type=x}\n1\n```\n",
      "The attribute type of the cell #a is left out",
    ],
    [
      "a kernel cell",
      "```ts {#a kernel}\n1\n```\n",
      "1 cell is a kernel cell, which Observable's own tools would run in the page",
    ],
    [
      "kernel cells",
      "```ts {#a kernel}\n1\n```\n\n```ts {#b kernel}\n2\n```\n",
      "2 cells are kernel cells, which Observable's own tools would run in the page",
    ],
  ] as const)("%s", ([, text, note]) => {
    expect(markdownToObservable(text).notes).toEqual([note]);
  });
});
