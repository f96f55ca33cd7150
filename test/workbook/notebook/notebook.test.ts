import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromNotebook, parse, toNotebook } from "../../../src/workbook/index.ts";
import { workbookText } from "../../support/workbook-text.ts";

const workbooks = fileURLToPath(new URL("../../../workbooks/", import.meta.url));
const shipped = readdirSync(workbooks).filter((name) => name.endsWith(".md"));

interface JupyterCell {
  readonly cell_type: string;
  readonly id?: string;
  readonly metadata: Record<string, unknown>;
  readonly source: string | readonly string[];
}

interface Jupyter {
  readonly nbformat: number;
  readonly metadata: Record<string, unknown>;
  readonly cells: JupyterCell[];
}

function notebook(cells: readonly object[], metadata: object = {}, nbformat = 4): string {
  return JSON.stringify({ cells, metadata, nbformat, nbformat_minor: 4 });
}

const read = (text: string): Jupyter => JSON.parse(text) as Jupyter;
const md = (text: string): string => fromNotebook(text).text;

describe("a workbook as a notebook", () => {
  const text = [
    "---",
    "title: Two cells",
    "---",
    "",
    "Prose.",
    "",
    "```ts {#n}",
    "const n = view(Inputs.range());",
    "```",
    "",
    "```ts {#m kernel run=demand tags=parameters,x note='two words'}",
    "const m = n;",
    "m",
    "```",
    "",
  ].join("\n");

  test("kernel cells are code, prose is Markdown, browser cells are raw; ids, tags and attributes are kept", () => {
    const { cells, metadata, nbformat } = read(toNotebook(text));
    expect(nbformat).toBe(4);
    expect(metadata).toMatchObject({
      kernelspec: { name: "simile", language: "typescript" },
      language_info: { name: "typescript" },
      title: "Two cells",
    });
    expect(cells.map(({ cell_type, source }) => [cell_type, source])).toEqual([
      ["markdown", ["Prose."]],
      ["raw", ["const n = view(Inputs.range());"]],
      ["code", ["const m = n;\n", "m"]],
    ]);
    expect(cells[1]).toMatchObject({ id: "n", metadata: { format: "text/typescript" } });
    expect(cells[2]).toMatchObject({
      id: "m",
      execution_count: null,
      outputs: [],
      metadata: {
        tags: ["parameters", "x"],
        simile: { kind: "kernel", run: "demand", attributes: { note: "two words" } },
      },
    });
  });

  test("ids that a notebook does not admit have another there, no two alike, and come back", () => {
    const odd = "```ts {#é.1}\n1\n```\n```ts {#é.1}\n2\n```\n```ts {#ok}\n3\n```\n";
    const ids = read(toNotebook(odd)).cells.map(({ id }) => id!);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[\w-]{1,64}$/);
    expect(md(toNotebook(odd))).toBe(odd);
  });

  test("with the outputs of a run, and the inputs that browser cells had in it", () => {
    const outputs = [{ output_type: "execute_result", data: { "text/plain": "3" }, metadata: {} }];
    const run = { outputs: new Map([["m", outputs]]), inputs: "let n = 3;" };
    const { cells } = read(toNotebook(text, run));
    expect(cells.slice(2)).toEqual([
      {
        cell_type: "code",
        id: "inputs",
        metadata: { simile: { kind: "inputs" }, tags: ["parameters"] },
        source: ["let n = 3;"],
        execution_count: null,
        outputs: [],
      },
      expect.objectContaining({
        id: "m",
        execution_count: 1,
        outputs: [{ ...outputs[0], execution_count: 1 }],
      }),
    ]);
    expect(md(toNotebook(text, run))).toBe(text);
    expect(toNotebook(text, { outputs: new Map(), inputs: "" })).toBe(toNotebook(text));
  });

  test.for(shipped)("%s comes back byte for byte", (name) => {
    const whole = readFileSync(workbooks + name, "utf8");
    expect(md(toNotebook(whole))).toBe(whole);
  });

  test("any workbook comes back byte for byte, and its notebook too", () => {
    fc.assert(
      fc.property(workbookText, (whole) => {
        const converted = toNotebook(whole);
        const back = md(converted);
        expect(back).toBe(whole);
        expect(toNotebook(back)).toBe(converted);
      }),
      { numRuns: 300 },
    );
  });

  test("edited in Jupyter: what was changed, moved and added is there, the rest as it was", () => {
    const edited = read(toNotebook(text));
    const [prose, n, m] = edited.cells as [JupyterCell, JupyterCell, JupyterCell];
    const added = { cell_type: "code", id: "9f3a", metadata: {}, source: "1 + 1", outputs: [] };
    const changed = { ...m, source: "const m = `\n```\n`;" };
    const back = md(JSON.stringify({ ...edited, cells: [prose, added, changed, n] }));
    expect(back.startsWith("---\ntitle: Two cells\n---\n")).toBe(true);
    const { cells, title, diagnostics } = parse(back);
    expect({ title, diagnostics }).toEqual({ title: "Two cells", diagnostics: [] });
    expect(cells.map(({ id, kind, source, run }) => [id, kind, source, run]).slice(1)).toEqual([
      ["9f3a", "kernel", "1 + 1", "live"],
      ["m", "kernel", "const m = `\n```\n`;", "demand"],
      ["n", "browser", "const n = view(Inputs.range());", "live"],
    ]);
    expect(cells[2]!.attributes).toMatchObject({ note: "two words", tags: "parameters,x" });
  });

  test("a small edit leaves every other byte", () => {
    const edited = read(toNotebook(text));
    const cells = edited.cells.map((cell) => ({
      ...cell,
      source: [cell.source].flat().join("").replace("const m = n", "const m = 2 * n"),
    }));
    expect(md(JSON.stringify({ ...edited, cells }))).toBe(
      text.replace("const m = n", "const m = 2 * n"),
    );
  });
});

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
