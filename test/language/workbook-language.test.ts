/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells have templates */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CodeCell, WorkbookLanguage } from "../../src/language/index.ts";
import type { CellEdit, LanguageAnswers, LanguageQuestion } from "../../src/protocol/index.ts";

const language = new WorkbookLanguage(join(import.meta.dirname, "..", "..", "workbooks"));

/** Cells as `id: source`, kernel cells as `id kernel: source`; `|` in one of them is the offset asked for. */
function written(texts: readonly string[]): { cells: CodeCell[]; cell: string; offset: number } {
  let [cell, offset] = ["", 0];
  const cells = texts.map((text): CodeCell => {
    const [, id, kernel, marked] = /^(\w+)( kernel)?: ?(.*)$/s.exec(text)!;
    const at = marked!.indexOf("|");
    if (at >= 0) [cell, offset] = [id!, at];
    const source = marked!.replace("|", "");
    return { id: id!, kind: kernel ? "kernel" : "browser", source };
  });
  return { cells, cell, offset };
}

function answer<Type extends LanguageQuestion["type"]>(
  type: Type,
  texts: readonly string[],
  more: object = {},
): LanguageAnswers[Type] {
  const { cells, cell, offset } = written(texts);
  language.set(cells);
  const question = { type, workbook: "", unsaved: [], cell, offset, ...more };
  return language.answer(question as LanguageQuestion) as LanguageAnswers[Type];
}

/** What is found, with the text that it is found at. */
function diagnosed(...texts: string[]): string[] {
  const { cells } = written(texts);
  return answer("diagnose", texts).map(({ cell, from, to, severity, message }) => {
    const text = cells.find(({ id }) => id === cell)!.source.slice(from, to);
    return `${cell} ${severity} at «${text}»: ${message}`;
  });
}

function labels(...texts: string[]): string[] {
  return answer("complete", texts).items.map(({ label }) => label);
}

function applied(texts: readonly string[], edits: readonly CellEdit[]): string[] {
  return written(texts).cells.map(({ id, source }) => {
    const own = edits.filter(({ cell }) => cell === id).toSorted((a, b) => b.from - a.from);
    return own.reduce(
      (text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to),
      source,
    );
  });
}

describe("types across cells", () => {
  test("go from cell to cell on either side, and across in both directions", () => {
    expect(
      diagnosed(
        "a: const n = view(Inputs.range([0, 1]))",
        "b kernel: const twice = {value: 2 * n, text: n.toUpperCase()}",
        "c: twice.value.toFixed() + twice.nothing",
        "d kernel: twice.nothing",
        "e: n.nothing",
      ),
    ).toEqual([
      "b error at «toUpperCase»: Property 'toUpperCase' does not exist on type 'number'",
      "c error at «nothing»: Property 'nothing' does not exist on type '{ value: number; text: any; }'",
      "d error at «nothing»: Property 'nothing' does not exist on type '{ value: number; text: any; }'",
      "e error at «nothing»: Property 'nothing' does not exist on type 'number'",
    ]);
  });

  test("a name that is a promise is awaited for other cells, a generator gives its values", () => {
    expect(
      diagnosed(
        "a kernel: const p = fetch('x'); p.status",
        "b kernel: p.status",
        "c: p.then",
        "d: const t = (function* () { yield 1; })()",
        "e: t.toFixed(); t.next",
      ),
    ).toEqual([
      "a error at «status»: Property 'status' does not exist on type 'Promise<Response>'",
      "c error at «then»: Property 'then' does not exist on type 'Response'",
      "e error at «next»: Property 'next' does not exist on type 'number'",
    ]);
  });

  test("interfaces and types of one cell hold in others", () => {
    expect(
      diagnosed(
        "a: interface Point { x: number }\ntype Pair<T> = [T, T]",
        "b kernel: const p: Pair<Point> = [{x: 1}, {x: 'two'}]",
        "c: p[0].x.nothing",
      ),
    ).toEqual([
      "b error at «x»: Type 'string' is not assignable to type 'number'",
      "c error at «nothing»: Property 'nothing' does not exist on type 'number'",
    ]);
  });

  test("each side has its own globals", () => {
    expect(
      diagnosed(
        "a: document.title; heatmap; width.toFixed(); dark; const id: number = setTimeout(() => {}, 1)",
        "b kernel: process.pid; Buffer.from([]); signal.aborted; progress(1, 2); setTimeout(() => {}, 1).unref()",
        "c: process.pid",
        "d kernel: document.title",
      ),
    ).toEqual([
      "c error at «process»: Cannot find name 'process'",
      expect.stringMatching(/^d error at «document»: Cannot find name 'document'/),
    ]);
  });

  test("simile, Plot, Inputs and d3 have theirs", () => {
    expect(
      diagnosed(
        "a kernel: import {openSeries, similarityMatrix} from 'simile';\nconst m = await similarityMatrix(await openSeries('data'), {signal, progress})",
        "b: heatmap(m, {label: 1})",
        "c: Plot.plot({marks: [Plot.dot([], {x: true ? 'x' : 1})], nothing: 1})",
        "e: view(Inputs.select(['a', 'b'])).nothing",
        "f: Inputs.table([{a: 1}], {columns: ['a'], format: {a: (a) => `${a}`}})",
      ).map((line) => line.split("\n")[0]),
    ).toEqual([
      "b error at «label»: Type 'number' is not assignable to type 'string'",
      expect.stringMatching(/^c error at «nothing»/),
      `e error at «nothing»: Property 'nothing' does not exist on type '"a" | "b"'`,
    ]);
  });

  test("a redefinition is what others see from then on", () => {
    expect(diagnosed("a kernel: const v = 1", "b: v.toFixed()")).toEqual([]);
    expect(diagnosed("a kernel: const v = 'one'", "b: v.toFixed()")).toEqual([
      `b error at «toFixed»: Property 'toFixed' does not exist on type '"one"'. Did you mean 'fixed'?`,
    ]);
    expect(diagnosed("a kernel: const w = 1", "b: v.toFixed()")).toEqual([
      "b error at «v»: Cannot find name 'v'",
    ]);
    expect(diagnosed("b: v.toFixed()", "z: const v = 1")).toEqual([]);
    // From the kernel into the page.
    expect(diagnosed("b: v.toFixed()", "a: const v = 'text'", "c kernel: v.at(0)")).toHaveLength(1);
  });

  test("workbooks of one folder know nothing of each other", () => {
    const beside = new WorkbookLanguage(join(import.meta.dirname, "..", "..", "workbooks"));
    const ask = { type: "diagnose", workbook: "", unsaved: [] } as const;
    for (const value of ["1", "'one'", "[1]", "{a: 1}"]) {
      beside.set([{ id: "a", kind: "kernel", source: `const v = ${value}; v.x` }]);
      const [found] = beside.answer(ask) as LanguageAnswers["diagnose"];
      expect(diagnosed("a kernel: const v = 1n; v.x")[0]).toContain("type '1n'");
      expect(found!.message).not.toContain("1n");
    }
    beside.dispose();
    expect(diagnosed("a kernel: const v = 1n; v.x")).toHaveLength(1);
  });

  test("types may be left out; what may be undefined is a warning", () => {
    expect(
      diagnosed(
        "a kernel: function f(x, ...y) { return x.whatever + y.length }\nconst way = {list: []}; way.list.push(1)\nconst l = []; l.push(2)",
        "b: f(1); [1].find((x) => x > 0).toFixed(); Math.sqrt([1].find(Boolean))",
        "c: {a: 1}",
      ),
    ).toEqual([
      "b warning at «[1].find((x) => x > 0)»: Object is possibly 'undefined'",
      "b warning at «[1].find(Boolean)»: Argument of type 'number | undefined' is not assignable to parameter of type 'number'\n  Type 'undefined' is not assignable to type 'number'",
    ]);
  });
});

describe("positions", () => {
  test("are UTF-16 units of the cell's own source, behind any letters", () => {
    expect(answer("diagnose", ["a: const 𝒳 = '🙂é'; /* ü\r\n */ 𝒳.no"])).toMatchObject([
      { cell: "a", from: 31, to: 33 },
    ]);
  });

  test("hold inside of template literals", () => {
    expect(
      diagnosed("a kernel: const m = {x: 1}", "b: html`<p>${m.y} ${html`${m.x.z}`}</p>`"),
    ).toEqual([
      "b error at «y»: Property 'y' does not exist on type '{ x: number; }'",
      "b error at «z»: Property 'z' does not exist on type 'number'",
    ]);
  });

  test("behind what is inserted for TypeScript alone", () => {
    expect(diagnosed("a: const o = {a: [], b: [/* */], c: 1}; o.d; o.a[0].x")).toEqual([
      "a error at «d»: Property 'd' does not exist on type '{ a: any[]; b: any[]; c: number; }'",
    ]);
  });

  test("an error of syntax is in the cell, also where something is missing at its end", () => {
    const texts = ["a: const x = (1 + ", "b: x"];
    expect(answer("diagnose", texts)).toMatchObject([{ cell: "a", from: 15, to: 15 }]);
    expect(answer("diagnose", ["a: const a = = 2"])).toMatchObject([
      { cell: "a", from: 10, to: 11 },
    ]);
  });

  test("only the cells asked for are looked at", () => {
    const texts = ["a: nowhere", "b: nowhere"];
    expect(answer("diagnose", texts, { cells: ["b"] })).toMatchObject([{ cell: "b" }]);
  });
});

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
