/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells have templates */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WorkbookLanguage } from "../../src/language/index.ts";
import type { LanguageAnswers } from "../../src/protocol/index.ts";
import { answer, diagnosed } from "../support/asked-language.ts";

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
