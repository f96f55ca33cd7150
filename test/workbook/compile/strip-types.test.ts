// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources of cells hold templates
import { describe, expect, test } from "vitest";
import { analyse } from "../../../src/workbook/index.ts";

describe("TypeScript: types are blanked in place", () => {
  test.for<[source: string, code: string, expression: boolean, reads: string, declares?: string]>([
    ["x as number", "x          ", true, "x"],
    ["x as number // note", "x           // note", true, "x"],
    ["{a: x as number, b: 1 satisfies B}", "{a: x          , b: 1            }", true, "x"],
    ["f<a>(b)", "f   (b)", true, "f b"],
    ["f<Map<a, Array<b>>>(c)", "f                  (c)", true, "f c"],
    ["new Set<string>()", "new Set        ()", true, "Set"],
    ["f<a>`${b}`", "f   `${b}`", true, "f b"],
    ["await f<a>(b)", "await f   (b)", true, "f b"],
    ["await (x as Promise<number>)", "await (x                   )", true, "x"],
    ["<T,>(x: T) => x", "    (x   ) => x", true, ""],
    ["async <T>(x: T): Promise<T> => x!", "async    (x   )             => x ", true, ""],
    ["(x as A)(y)", "(x     )(y)", true, "x y"],
    ["x as A\n(y)", "x;    \n(y)", false, "x y"],
    ["const x: number = y;", "const x         = y;", false, "y", "x"],
    ["let x: Map<A, B> | undefined", "let x                       ", false, "", "x"],
    [
      "interface A {a: number}\nconst x: A = {a: y}",
      "                       \nconst x    = {a: y}",
      false,
      "y",
      "x",
    ],
    ["type A = typeof x; y", "                   y", true, "y"],
    [
      "import type {A} from 'x'; import {type B, c} from 'y'",
      "                          import {        c} from 'y'",
      false,
      "",
      "c",
    ],
    ["declare const g: number; g", "                         g", true, "g"],
    ["declare enum E {A}\nx", "                  \nx", true, "x"],
    [
      "function f(this: A, x?: number): asserts x {}",
      "function f(         x         )            {}",
      false,
      "",
      "f",
    ],
    [
      "abstract class A<T> extends B<T> implements C {private x?: number = y; declare z: T}",
      "         class A    extends B                 {        x          = y;             }",
      false,
      "B y",
      "A",
    ],
    ["for (const x of y as A[]) {}", "for (const x of y       ) {}", false, "y"],
    [
      "const f = (x: number): x is 3 => x === z",
      "const f = (x        )         => x === z",
      false,
      "z",
      "f",
    ],
    ["enum_(x as A)", "enum_(x     )", true, "enum_ x"],
    ["a < b\n> (c)", "a    \n  (c)", true, "a c"],
  ])("%s", async ([source, code, expression, reads, declares = ""]) => {
    const found = await analyse(source);
    expect(found.error).toBeUndefined();
    expect(found.code).toBe(code);
    expect(found.code).toHaveLength(source.length);
    expect(found.expression).toBe(expression);
    expect(found.references.map(({ name }) => name).join(" ")).toBe(reads);
    expect(found.declarations.join(" ")).toBe(declares);
  });
});
