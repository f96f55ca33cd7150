import { runInNewContext } from "node:vm";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { analyse } from "../../../src/workbook/index.ts";

/** What the code of TypeScript's own makes of it. */
function byTypeScript(source: string, value: string): unknown {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return plain(runInNewContext(`${outputText.replace(/^export /gm, "")};${value}`));
}

async function byCell(source: string, value: string): Promise<unknown> {
  const { code, error } = await analyse(source);
  expect(error).toBeUndefined();
  expect(code.split("\n")).toHaveLength(source.split("\n").length);
  return plain(runInNewContext(`"use strict";${code};${value}`));
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? "null");

describe("a namespace is what TypeScript makes of it, on the same lines", () => {
  test.for([
    ["namespace N { export const a = 1 }", "N"],
    ["namespace N {\n  const hidden = 2;\n  export const a = hidden * 3;\n}", "N"],
    [
      "namespace N {\n  export let count = 0;\n  export function up(): number { return ++count }\n}\nN.up(); N.count += 10; N.up();",
      "[N.count, N.up(), N]",
    ],
    [
      "namespace N {\n  export const a = 1;\n  export const b: number = N.a + 1;\n  export const { c, d: [e] } = { c: a, d: [b] } as const;\n}",
      "N",
    ],
    [
      "export namespace N {\n  export enum Colour { Red, Green = 4 }\n  export class Point { constructor(readonly x: number, public y = x) {} }\n  export abstract class Shape { abstract area(): number }\n  export async function later(): Promise<void> {}\n  export interface Only { a: number }\n  export type Alias = Only;\n  export declare const ambient: number;\n  export function over(a: number): number;\n  export function over(a: unknown): unknown { return [a] }\n}",
      "[Object.keys(N), N.Colour, new N.Point(3), N.over(1)]",
    ],
    [
      "namespace N {\n  var old = 1;\n  export var older = old + 1, oldest = older + 1;\n  for (let i = 0; i < 3; i++) { older += i }\n}\nvar old = 'mine'",
      "[N, old]",
    ],
    ["namespace A.B.C { export const a = 1 }\nnamespace A.B { export const b = A.B.C.a + 1 }", "A"],
    [
      "namespace A {\n  export namespace B { export const a = 1 }\n  namespace Hidden { export const h = 5 }\n  export const c = B.a + Hidden.h;\n}\nnamespace A {\n  export namespace B { export const b = A.c }\n}",
      "A",
    ],
    ["class N { static made = 1 }\nnamespace N { export const a = N.made + 1 }", "[N.a, N.made]"],
    ["function N() { return N.a }\nnamespace N { export let a = 7 }", "[N(), N.a]"],
    [
      "enum N { A, B }\nnamespace N { export function next(n: N): N { return (n + 1) as N } }",
      "[N.next(N.A), N.B]",
    ],
    ["namespace N { export const a = 1 }\nnamespace N { export const b = N.a + 1 }", "N"],
    [
      "namespace N { export const a = 1; export const b = [1].map((a) => a + 1) }\nnamespace N { export const c = [2].map((a) => a + 1), d = { a: 1, b: { b: 2 } }.b }",
      "N",
    ],
    ["namespace N { export let $ = 1, _ = 2 }\nN.$ = 3", "N"],
    [
      "namespace Types { export interface A { a: number } }\nnamespace N { export const a: Types.A = { a: 1 } }",
      "N",
    ],
    [
      "const before = 1\nnamespace N {\n  export const a = 1\n  export const b = 2 // two\n  export const c = 3 } const after = 2",
      "[before, N, after]",
    ],
    ["module N { export const a = 1 }", "N"],
  ])("%j", async ([source, value]) => {
    expect(await byCell(source!, value!)).toEqual(byTypeScript(source!, value!));
  });
});

test("what a namespace holds keeps its line and column", async () => {
  const source =
    "namespace Shapes {\n  export const a = 1; export const b = boom();\n  export let c: number = boom() }\n  boom()";
  const { code } = await analyse(source);
  const columns = (text: string) => text.split("\n").map((line) => line.indexOf("boom"));
  expect(columns(code)).toEqual(columns(source));
  const oneLine =
    "namespace N { const hidden = 1; export const a: number = hidden; export const b = boom() }";
  expect((await analyse(oneLine)).code.indexOf("boom")).toBe(oneLine.indexOf("boom"));
});

test("a namespace is declared, and what follows it is known by its place", async () => {
  const source =
    "namespace Long { export let a = 1; export let b = 2 }\n  free(Long); enum E { A } other";
  const { declarations, references } = await analyse(source);
  expect(declarations).toEqual(["Long", "E"]);
  expect(references.filter(({ name }) => name === "free")).toEqual([
    { name: "free", line: 2, column: 3 },
  ]);
});

test.for<[string, string, number, number]>([
  [
    "namespace N { export const a = 1 }\nnamespace N {\n  export const b = a + 1 }",
    "a is of another block of the namespace: write N.a",
    3,
    20,
  ],
  [
    "namespace N { export namespace M { export const a = 1 } }\nnamespace N { export namespace M { export const b = { a } } }",
    "a is of another block of the namespace: write N.M.a",
    2,
    55,
  ],
  [
    "namespace N {\n  for (var i = 0; i < 1; i++) {}\n}",
    "A namespace has no var inside of its statements: write let",
    2,
    8,
  ],
  [
    "namespace N {\n  const a = 1;\n  export { a };\n}",
    "A namespace exports only what it declares: write export in front of it",
    3,
    3,
  ],
  [
    "if (true) {\n  namespace N { export const a = 1 }\n}",
    "A namespace stands at the top of a cell or of another namespace",
    2,
    3,
  ],
  [
    "namespace N { export const a = 1 }  \nf(<number>x)",
    "Write `value as Type`, not `<Type>value`",
    2,
    3,
  ],
  [
    "namespace N { export const a = 1; export const b = <number>x }",
    "Write `value as Type`, not `<Type>value`",
    1,
    52,
  ],
  [
    "namespace N { import A = B.C; export const a = A }",
    "import = and export = make code of their own: write import … from",
    1,
    15,
  ],
])("%j cannot run, which is said at its place", async ([source, message, line, column]) => {
  expect((await analyse(source)).error).toEqual({ message, line, column });
});
