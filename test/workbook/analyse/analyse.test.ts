// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells hold templates
import { describe, expect, test } from "vitest";
import { analyse } from "../../../src/workbook/index.ts";

const never = (): never => {
  throw new Error("TypeScript was loaded");
};

describe("plain JavaScript: what is read and declared, without loading TypeScript", () => {
  test.for<[source: string, reads: string, declares?: string]>([
    // Scopes.
    ["{class Foo {}} new Foo()", "Foo"],
    ["{function f() {}} f()", "f"],
    ["{var v = 1} v", ""],
    ["{let l = 1} l", "l"],
    ["if (x) {var v} for (var i of y) {} [v, i]", "x y"],
    ["for (const x of x) {}", ""],
    ["for (const x of y) x; x", "y x"],
    ["for (let i = n, j = i; i < j; i++) i", "n"],
    ["for (x of y);", "x y"],
    ["for ([x.y, ...z] of w);", "x z w"],
    ["switch (a) {case b: let c; default: c} c", "a b c"],
    ["switch (a) {case 1: let c; default: c}", "a"],
    ["try {} catch ({a, b = c}) {a; b} a", "c a"],
    ["try {} catch {e}", "e"],
    ["(function f() {f})", ""],
    ["(function f(f = g) {f; g}); f", "g f"],
    ["const f = function g() {g}; g", "g", "f"],
    ["function f() {var x} x", "x", "f"],
    ["(a, b = a + c, {d, e: [g = h]}, ...rest) => {a; b; d; e; g; rest}", "c h e"],
    ["(a = b) => {var b; a}", "b"],
    ["(a = () => b) => {let b}", "b"],
    ["function f() {arguments; return () => arguments}", "", "f"],
    ["class A {static {var x; this.y} z = x; [k] = 1; #p = q; #p2 = this.#p}", "x k q", "A"],
    ["class A extends A.B {}", "", "A"],
    ["(class A {m() {A}}); A", "A"],
    ["a: for (;;) {break a}", ""],
    ["lbl: {x; break lbl} const lbl = 1", "x", "lbl"],
    ["function* g() {yield* h}", "h", "g"],
    ["x; let x = 1", "", "x"],
    ["f(); function f() {}", "", "f"],
    ["const f = () => later; const later = 1", "", "f later"],
    // Names that are no names.
    ["a.b.c", "a"],
    ["a[b].c[d]", "a b d"],
    ["a?.b?.[c]?.(d)", "a c d"],
    ["({a, b: c, [d]: e, f() {}, get g() {return h}})", "a c d e h"],
    ["`${a}b${`${c}`}`", "a c"],
    ["a`b${c}`", "a c"],
    ["typeof a === 'undefined'", "a"],
    ["new.target", "!"],
    ["({__proto__: a})", "a"],
    ["x => {'use strict'}", ""],
    ["#a in b", "!"],
    ["undefined + NaN + Infinity", "undefined NaN Infinity"],
    ["/a/u.test(b)", "b"],
    ["a ? b : c ?? d", "a b c d"],
    ["(a, b)", "a b"],
    ["a = b", "a b"],
    ["({a, b: c.d, ...e} = f)", "a c e f"],
    ["[a = b, , ...c] = d", "a b c d"],
    ["a++, --b.c", "a b"],
    ["a ||= b", "a b"],
    ["import(a)", "a"],
    ["import.meta.url", ""],
    ["await a", "a"],
    ["for await (const x of y) x", "y"],
    // Declarations.
    ["const {a, b: {c}, d = 1, [e]: f, ...g} = h", "e h", "a c d f g"],
    ["let [a, , b = c, ...[d]] = e", "c e", "a b d"],
    ["var a, a; let b; const c = 1", "", "a b c"],
    ["async function f() {} function* g() {} class C {}", "", "f g C"],
    [
      "import a, {b as c, default as d, 'e f' as g} from 'x'; import * as h from 'y'; import 'z'",
      "",
      "a c d g h",
    ],
    ["import {a} from 'x'; a(b)", "b", "a"],
    ["const Math = 1; Math", "", "Math"],
    ["const ünïcödé = größe", "größe", "ünïcödé"],
    ["let undefined_; undefined_", "", "undefined_"],
    ["// nothing", ""],
    ["", ""],
    [";", ""],
    // Comparisons that are no type arguments.
    ["a < b && c > (d)", "a b c d"],
    ["for (let i = 0; i < n; i++) if (i > (m)) f(i)", "n m f"],
    ["a < b; c > (d)", "a b c d"],
    ["a << b >> (c)", "a b c"],
    ["a <b> c", "a b c"],
    ["(a < b) > (c)", "a b c"],
    ["f(a < b)(c > (d))", "f a b c d"],
  ])("%s", async ([source, reads, declares = ""]) => {
    if (reads === "!") {
      expect((await analyse(source)).error).toBeDefined();
      return;
    }
    const { references, declarations, error, code } = await analyse(source, never);
    expect(error).toBeUndefined();
    expect(references.map(({ name }) => name).join(" ")).toBe(reads);
    expect(declarations.join(" ")).toBe(declares);
    expect(code).toBe(source);
  });
});

describe("what a cell imports, awaits and writes, and where", () => {
  test("imports, each with its range and position", async () => {
    const source =
      "let x\n import d, {a as b} from 'm';import * as n from \"n\" with {type: 'json'}";
    const { imports, async } = await analyse(source, never);
    expect(async).toBe(true);
    expect(imports.map(({ range, ...rest }) => [source.slice(...range), rest])).toEqual([
      [
        "import d, {a as b} from 'm';",
        {
          specifier: "m",
          bindings: [
            { imported: "default", local: "d" },
            { imported: "a", local: "b" },
          ],
          attributes: {},
          line: 2,
          column: 2,
        },
      ],
      [
        "import * as n from \"n\" with {type: 'json'}",
        {
          specifier: "n",
          bindings: [{ imported: "*", local: "n" }],
          attributes: { type: "json" },
          line: 2,
          column: 30,
        },
      ],
    ]);
  });

  test.for<[source: string, async: boolean]>([
    ["await x", true],
    ["[await x]", true],
    ["for await (const x of y);", true],
    ["class A {[await x]() {}}", true],
    ["import 'm'", true],
    ["async () => await x", false],
    ["async function f() {for await (const x of y);}", false],
    ["(class {async m() {await x}})", false],
    ["'await'", false],
  ])("%s awaits: %j", async ([source, async]) => {
    expect((await analyse(source, never)).async).toBe(async);
  });

  test("a name is listed where it is first read", async () => {
    const { references } = await analyse("`\r\n${a}`;\r\n  b(a)\u2028b", never);
    expect(references).toEqual([
      { name: "a", line: 2, column: 3 },
      { name: "b", line: 3, column: 3 },
    ]);
  });

  test("every write to a free name is listed", async () => {
    const { assignments } = await analyse("a = 1; (b)++\nlet c; c = 2; [d.e, a] = 3", never);
    expect(assignments).toEqual([
      { name: "a", line: 1, column: 1 },
      { name: "b", line: 1, column: 9 },
      { name: "a", line: 2, column: 21 },
    ]);
  });

  test.for<[source: string, expression: boolean]>([
    ["x", true],
    ["{a: 1}", true],
    ["{}", true],
    ["function () {}", true],
    ["class {}", true],
    ["(function f() {})", true],
    ["async () => {}", true],
    ["x // note\n/* note */", true],
    ["x;", false],
    ["{a}{b}", false],
    ["function f() {}", false],
    ["class A {}", false],
    ["async function f() {}", false],
    ["{let a}", false],
    ["a)(b", false],
    ["a\nb", false],
  ])("%j is one expression: %j", async ([source, expression]) => {
    expect((await analyse(source)).expression).toBe(expression);
  });
});

describe("an invalid source says why and where", () => {
  test.for<[source: string, message: string, line: number, column: number]>([
    ["f(\n  1,,2)", "Argument expression expected", 2, 5],
    ["{a: 1, b: ]", "Expression expected", 1, 11],
    ["const x: = 5", "Type expected", 1, 10],
    ["const a = 1;\r\nlet a = 2", "Identifier 'a' has already been declared", 2, 5],
    ["const a", "Unexpected end of the cell", 1, 8],
    ["return 1", "'return' outside of function", 1, 1],
    ["let x = 'a\nb'", "Unterminated string literal", 1, 11],
    [
      "1;\nclass A { @dec m() {} }",
      "Decorators are not run here: call the function with the class or the method",
      2,
      11,
    ],
    [
      "const a = <b>c</b>",
      "JSX makes code of its own: write a template, as in html`<b>…</b>`",
      1,
      11,
    ],
    ["html`<b>c</b>`; const = 1", "Variable declaration expected", 1, 23],
    [
      "import a = require('a')",
      "import = and export = make code of their own: write import … from",
      1,
      1,
    ],
    ["f(<number>x)", "Write `value as Type`, not `<Type>value`", 1, 3],
    [
      "a ?? b as T && c",
      "This type assertion would change the meaning of the code around it: add parentheses",
      1,
      6,
    ],
    ["1;\nexport * from 'a'", "A cell cannot pass on what another module exports: import it", 2, 1],
    ["f(arguments)", "arguments has no value outside of a function", 1, 3],
    ["() => arguments", "arguments has no value outside of a function", 1, 7],
    ["x;\na<!--b", "<!-- begins a comment in scripts: write spaces between <, ! and --", 2, 2],
    ["1;\n#!/usr/bin/node", "'#!' can only be used at the start of a file", 2, 1],
    ["\0", "Invalid character", 1, 1],
  ])("%j", async ([source, message, line, column]) => {
    const found = await analyse(source);
    expect(found.error).toEqual({ message, line, column });
    expect(found.code).toBe(source);
  });

  test("<, ! and -- with spaces between are fine", async () => {
    expect((await analyse("a < !--b", never)).error).toBeUndefined();
  });
});
