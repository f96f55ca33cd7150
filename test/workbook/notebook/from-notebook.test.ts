import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromNotebook, parse, toNotebook } from "../../../src/workbook/index.ts";
import { md, notebook, read } from "../../support/notebook-text.ts";

describe("a notebook as a workbook", () => {
  test("code is kernel cells, ids and tags are kept, outputs and blank Markdown are not", () => {
    const cells = [
      { cell_type: "markdown", metadata: {}, source: ["# Title\n", "\n", "Text\n"] },
      { cell_type: "markdown", metadata: {}, source: " \n" },
      {
        cell_type: "code",
        id: "a1",
        metadata: { tags: ["parameters"], collapsed: true },
        source: "const a = 1;\n",
        outputs: [{ output_type: "stream", name: "stdout", text: "secret" }],
      },
      { cell_type: "raw", metadata: {}, source: "a <b>\n```" },
    ];
    const text = md(
      notebook(cells, { title: "From: Jupyter", language_info: { name: "javascript" } }),
    );
    expect(text).toBe(
      [
        "---",
        'title: "From: Jupyter"',
        "---",
        "",
        "<!-- cell #cell-1 -->",
        "# Title",
        "",
        "Text",
        "",
        "```ts {#a1 kernel tags=parameters}",
        "const a = 1;",
        "",
        "```",
        "",
        "<!-- cell #cell-2 -->",
        "````",
        "a <b>",
        "```",
        "````",
        "",
        "",
      ].join("\n"),
    );
  });

  test("any cells come back: kinds, ids and sources", () => {
    const source = fc.array(fc.constantFrom("let a = 1;", "`x`", "\n", "```", " b", "é"), {
      maxLength: 6,
    });
    const cell = fc.record({
      cell_type: fc.constantFrom("code", "markdown"),
      source: source.map((parts) => parts.join("")),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 5 }), (drafts) => {
        const cells = drafts
          .filter(
            ({ cell_type: type, source }) => type === "code" || !/```|^\s|\s$|^$/.test(source),
          )
          .map((draft, index) => ({ ...draft, id: `c${index}`, metadata: {} }));
        const back = read(toNotebook(md(notebook(cells)))).cells;
        const told = back.map(({ cell_type, id, source }) => ({
          cell_type,
          source: [source].flat().join(""),
          id,
        }));
        expect(told).toEqual(cells.map(({ metadata: _, ...rest }) => rest));
      }),
      { numRuns: 200 },
    );
  });

  test("what is left out is said", () => {
    const image = { cell_type: "markdown", metadata: {}, source: "![](attachment:a.png)" };
    const { notes } = fromNotebook(notebook([{ ...image, attachments: { "a.png": {} } }]));
    expect(notes).toEqual(["Cell 1: its attachments are left out"]);
    const outputs = [{ output_type: "stream", name: "stdout", text: "1" }];
    const code = { cell_type: "code", metadata: {}, source: "1", outputs };
    expect(fromNotebook(notebook([code, { ...code, outputs: [] }])).notes).toEqual([
      "The outputs of 1 cell are left out: a workbook's file holds none",
    ]);
  });

  test("attached images are written into the text; what else is attached is left out", () => {
    const source = "![](attachment:a%20b.png) ![](<attachment:c.svg>) ![](attachment:none.png)";
    const attachments = {
      "a b.png": { "image/png": "iVBO\nRw0=" },
      "c.svg": { "image/svg+xml": "<svg>" },
    };
    const cells = [{ cell_type: "markdown", id: "a", metadata: {}, source, attachments }];
    const { text, notes } = fromNotebook(notebook(cells));
    expect(text).toBe(
      `<!-- cell #a -->\n${source.replace("attachment:a%20b.png", "data:image/png;base64,iVBORw0=")}\n\n`,
    );
    expect(notes).toEqual(["Cell 1: its attachments are left out"]);
  });

  test("code in another language is text, which nothing runs", () => {
    const cells = [
      { cell_type: "code", id: "a", metadata: {}, source: "import numpy\n\n```" },
      { cell_type: "markdown", id: "b", metadata: {}, source: "Text" },
    ];
    const { text, notes } = fromNotebook(notebook(cells, { kernelspec: { language: "python" } }));
    expect(text).toBe(
      "<!-- cell #a -->\n````python\nimport numpy\n\n```\n````\n\n<!-- cell #b -->\nText\n\n",
    );
    expect(notes).toEqual(["1 cell in python is text in the workbook, and not run"]);
    expect(parse(text).cells.map(({ kind }) => kind)).toEqual(["prose", "prose"]);
    const odd = notebook(cells, { language_info: { name: "C++ {#x}\n```" } });
    expect(parse(fromNotebook(odd).text).cells.map(({ kind }) => kind)).toEqual(["prose", "prose"]);
  });

  test("the language is the one that is named first, and not with an empty word", () => {
    const cells = [{ cell_type: "code", id: "a", metadata: {}, source: "1" }];
    const kind = (metadata: object) => parse(md(notebook(cells, metadata))).cells[0]!.kind;
    const kernelspec = { language: "python" };
    expect(kind({ language_info: { name: "" }, kernelspec })).toBe("prose");
    expect(kind({ language_info: { name: "TypeScript" }, kernelspec })).toBe("kernel");
    expect(kind({ language_info: 5, kernelspec: "x" })).toBe("kernel");
  });

  test("a word of the metadata makes no Markdown a browser cell", () => {
    const simile = { kind: "browser" };
    const cells = [{ cell_type: "markdown", id: "a", metadata: { simile }, source: "Text" }];
    expect(parse(md(notebook(cells))).cells[0]!.kind).toBe("prose");
  });

  test("metadata of an unknown make is not believed", () => {
    const simile = { kind: 7, run: "often", layout: { open: 1 }, attributes: ["x"], id: {} };
    const cells = [{ cell_type: "code", id: "a", metadata: { simile, tags: 3 }, source: "1" }];
    expect(md(notebook(cells, { simile: { front: 1, tail: [] }, title: 5 }))).toBe(
      "```ts {#a kernel}\n1\n```\n\n",
    );
  });

  test.for([
    ["{", /^Cannot read the notebook: it is no JSON: /],
    ["[]", /^Cannot read the notebook: expected an object$/],
    [
      "{}",
      /^Cannot read the notebook: expected a Jupyter notebook of format 4, found no nbformat$/,
    ],
    [
      notebook([], {}, 3),
      /^Cannot read the notebook: .* of format 4, found format 3; `jupyter nbconvert --to notebook` makes one of it$/,
    ],
    ['{"nbformat":4}', /^Cannot read the notebook: expected a list of cells, found none$/],
    [
      notebook([], {}, 2),
      /^Cannot read the notebook: .* of format 4, found format 2; `jupyter nbconvert --to notebook` makes one of it$/,
    ],
    [notebook([], {}, 5), /^Cannot read the notebook: .* of format 4, found format 5$/],
    ['{"nbformat":4,"cells":[1]}', /^Cannot read the notebook: expected cell 1 to be an object$/],
    [
      notebook([{ cell_type: "heading" }]),
      /^Cannot read the notebook: expected cell 1 to be of type code, markdown or raw, found "heading"$/,
    ],
    [
      notebook([{ cell_type: "code", source: 1 }]),
      /^Cannot read the notebook: expected cell 1 to have a source$/,
    ],
    [
      notebook([
        { cell_type: "markdown", source: "" },
        { cell_type: "markdown", source: "a\n\n```ts {#b}\n1\n```" },
      ]),
      /^Cannot convert cell 2 of the notebook: in a workbook its text would be read as another cell, or as the end of one$/,
    ],
  ] as const)("%s is refused", ([text, message]) => {
    expect(() => fromNotebook(text)).toThrow(message);
  });
});
