import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, toNotebook } from "../../../src/workbook/index.ts";
import { type JupyterCell, md, read } from "../../support/notebook-text.ts";
import { workbookText } from "../../support/workbook-text.ts";

const workbooks = fileURLToPath(new URL("../../../workbooks/", import.meta.url));
const shipped = readdirSync(workbooks).filter((name) => name.endsWith(".md"));

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
    const named = ["é.1", "é.1", "a.1", "x".repeat(65), "ok"];
    const odd = named.map((id) => `\`\`\`ts {#${id}}\n1\n\`\`\`\n`).join("");
    const ids = read(toNotebook(odd)).cells.map(({ id }) => id!);
    expect(new Set(ids).size).toBe(5);
    expect(ids.at(-1)).toBe("ok");
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

  test("a cell that states no id states none when its fence is written anew", () => {
    const plain = "Prose.\n\n```ts {kernel}\n1\n```\n\nMore.\n\n```ts {#b kernel}\n2\n```\n";
    const edited = read(toNotebook(plain));
    const cells = edited.cells.map((cell, index) =>
      index === 1 ? { ...cell, source: "`\n```\n`" } : cell,
    );
    expect(md(JSON.stringify({ ...edited, cells }))).toBe(
      "Prose.\n\n````ts {kernel}\n`\n```\n`\n````\n\nMore.\n\n```ts {#b kernel}\n2\n```\n",
    );
  });

  test("what need not be said of a cell is not in its metadata", () => {
    const { cells } = read(toNotebook("```ts {#a kernel}\n1\n```\n"));
    expect(cells[0]!.metadata).toEqual({
      simile: { kind: "kernel", layout: { open: expect.any(String), close: expect.any(String) } },
    });
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
