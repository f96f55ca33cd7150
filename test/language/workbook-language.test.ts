/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells have templates */
import { describe, expect, test } from "vitest";
import type { CellEdit } from "../../src/protocol/index.ts";
import { answer, applied, diagnosed, labels } from "../support/asked-language.ts";

describe("completion", () => {
  test("offers members of values of other cells, in code that is not finished", () => {
    expect(labels("a kernel: const m = {first: 1, second: 2}", "b: const x = [m.s|")).toEqual([
      "second",
    ]);
    expect(labels("a: const m = {first: 1}", "b kernel: if (true) { m.| ")).toEqual(["first"]);
  });

  test("offers names of other cells and of the side, with the cell", () => {
    const texts = ["a kernel: function firstOf() {}", "b: const second = firstO|"];
    expect(answer("complete", texts)).toMatchObject({
      from: 15,
      to: 21,
      items: [{ label: "firstOf", kind: "function", cell: "a" }],
    });
    expect(labels("a: heat|")[0]).toBe("heatmap");
    expect(labels("a kernel: invalidat|")).toEqual([]);
    expect(labels("a kernel: sign|")).toContain("signal");
  });

  test("offers imports in kernel cells; the description has the edit", () => {
    const texts = ["a kernel: similarityMat|"];
    expect(answer("complete", texts).items).toEqual([
      { label: "similarityMatrix", kind: "function", module: "simile" },
    ]);
    const more = { label: "similarityMatrix", module: "simile" };
    const told = answer("describe", texts, more)!;
    expect(told.code).toContain("function similarityMatrix(");
    expect(told.docs).toContain("of every pair of a series");
    expect(applied(texts, told.edits)).toEqual([
      'import { similarityMatrix } from "simile";\nsimilarityMat',
    ]);
    const beside = ['a kernel: import {openSeries} from "simile";\nsimilarityMat|'];
    expect(applied(beside, answer("describe", beside, more)!.edits)).toEqual([
      'import {openSeries, similarityMatrix} from "simile";\nsimilarityMat',
    ]);
    expect(labels("a: similarityMat|")).toEqual([]);
  });

  test("has nothing to offer in a string, a comment or a new name", () => {
    expect(labels("a: const x = 1", "b: 'x|'")).toEqual([]);
    expect(labels("a: const xylem = 1", "b: // xy|")).toEqual([]);
    expect(labels("a: const xylem = 1", "b: const xy|")).toEqual([]);
  });

  test("describes a name of another cell without it being named yet", () => {
    const texts = ["a kernel: /** The best. */ const best = 1", "b: be|"];
    expect(answer("describe", texts, { label: "best" })).toEqual({
      code: "const best: 1",
      docs: "The best.",
      edits: [],
    });
    expect(diagnosed(...texts.map((text) => text.replace("|", "")))).toHaveLength(1);
  });
});

describe("what is known of a name", () => {
  test("is its declaration, its docstring and its cell", () => {
    const texts = ["a kernel: /** The answer. */\nconst p = fetch('x')", "b: 1 + p|.ok"];
    expect(answer("hover", texts)).toEqual({
      from: 4,
      to: 5,
      code: "const p: Response",
      docs: "The answer.",
      cell: "a",
    });
    expect(answer("hover", ["a: 1 |+ 1"])).toBeNull();
  });

  test("signatures of calls have their parameters", () => {
    const help = answer("signature", [
      "a kernel: /** Adds. @param b the second */\nfunction add(a: number, b: number) { return a + b }",
      "b: add(1, |)",
    ])!;
    const [{ code, docs, parameters }] = help.signatures as [(typeof help.signatures)[0]];
    expect([code, docs]).toEqual(["add(a: number, b: number): number", "Adds."]);
    expect(parameters.map(({ from, to, docs }) => [code.slice(from, to), docs])).toEqual([
      ["a: number", ""],
      ["b: number", "the second"],
    ]);
    expect([help.active, help.parameter]).toEqual([0, 1]);
    expect(answer("signature", ["a: 1|"])).toBeNull();
  });

  test("its definition is in the cell that declares it, or in a package", () => {
    expect(answer("define", ["a kernel: const {q, p} = fetch('x')", "b: f({p|})"])).toEqual([
      { cell: "a", from: 10, to: 11 },
    ]);
    expect(answer("define", ["a: const inner = 1; inner|"])).toEqual([
      { cell: "a", from: 6, to: 11 },
    ]);
    expect(answer("define", ["a: Plot.dot|"])).toMatchObject([{ file: "@observablehq/plot" }]);
  });
});

describe("renaming", () => {
  test("goes through kernel and browser cells, shorthands and templates", () => {
    const texts = [
      "a kernel: const p| = fetch('x');\np.ok; { const p = 1; p }",
      "b: f({p}, `𝒳 ${p} p`, (p) => p, o.p)",
      "c kernel: const other = p",
    ];
    const renamed = answer("rename", texts, { to: "answer" });
    expect(renamed).toMatchObject({ name: "p", from: 6, to: 7 });
    expect(applied(texts, (renamed as unknown as { edits: CellEdit[] }).edits)).toEqual([
      "const answer = fetch('x');\nanswer.ok; { const p = 1; p }",
      "f({p: answer}, `𝒳 ${answer} p`, (p) => p, o.p)",
      "const other = answer",
    ]);
    const elsewhere = ["a kernel: const p = 1", "b: p + 1", "c: [p|]"];
    const same = answer("rename", elsewhere, { to: "q" }) as unknown as { edits: CellEdit[] };
    expect(applied(elsewhere, same.edits)).toEqual(["const q = 1", "q + 1", "[q]"]);
  });

  test("stays in the cell for a name of its own", () => {
    const texts = ["a: const f = (x|) => x + 1", "b: const x = 2; x"];
    const renamed = answer("rename", texts, { to: "y" }) as unknown as { edits: CellEdit[] };
    expect(applied(texts, renamed.edits)).toEqual(["const f = (y) => y + 1", "const x = 2; x"]);
  });

  test("keeps what an import gives under its own name", () => {
    const texts = [
      "a kernel: import {similarity|} from 'simile'; similarity",
      "b kernel: similarity(1)",
    ];
    const renamed = answer("rename", texts, { to: "s" }) as unknown as { edits: CellEdit[] };
    expect(applied(texts, renamed.edits)).toEqual([
      "import {similarity as s} from 'simile'; s",
      "s(1)",
    ]);
  });

  test("without a new name says what would be renamed", () => {
    expect(answer("rename", ["a: const one| = 1; one"])).toEqual({
      name: "one",
      from: 6,
      to: 9,
      edits: [],
    });
  });

  test("says why not", () => {
    const problem = (to: string, ...texts: string[]) =>
      (answer("rename", texts, { to }) as { problem?: string }).problem;
    const texts = ["a: const one| = 1", "b kernel: const two = one", "c: const three = 3"];
    expect(problem("two", ...texts)).toBe('Cannot rename one to "two": #b has that name already');
    expect(problem("three", ...texts)).toBe(
      'Cannot rename one to "three": #c has that name already',
    );
    expect(problem("class", ...texts)).toBe(
      'Cannot rename one to "class": expected a name, found a word of the language',
    );
    expect(problem("a b", ...texts)).toBe(
      'Cannot rename one to "a b": expected a name, found characters that no name has',
    );
    expect(problem("", ...texts)).toBe(
      'Cannot rename one to "": expected a name, found an empty text',
    );
    expect(problem("x", "a: 1 + | 2")).toBe(
      "Cannot rename: expected a name at that place, found none",
    );
    expect(problem("x", "a: docum|ent")).toBe("Cannot rename: document is not declared by a cell");
    expect(problem("x", "a: heatm|ap")).toBe("Cannot rename heatmap: it is a builtin");
  });

  test("a cell that is not there has no answers", () => {
    const none = { cell: "gone", offset: 0 };
    expect(answer("rename", ["a: 1"], none)).toEqual({
      problem: "Cannot rename: there is no code cell #gone",
    });
    expect(answer("hover", ["a: 1"], none)).toBeNull();
    expect(answer("complete", ["a: 1"], none)).toEqual({ from: 0, to: 0, items: [] });
  });
});
