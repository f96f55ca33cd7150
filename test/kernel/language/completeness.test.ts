import { expect, test } from "vitest";
import { completeness } from "../../../kernel/language/completeness.ts";

test.for<[status: string, code: string]>([
  ["complete", "1 + 1"],
  ["complete", ""],
  ["complete", "const a: number = 1"],
  ["complete", "function f() {\n  return 1\n}"],
  ["complete", "// only a comment"],
  ["complete", "await fetch('x')"],
  ["incomplete", "function f() {"],
  ["incomplete", "const a = ["],
  ["incomplete", "const a ="],
  ["incomplete", "f(1,"],
  ["incomplete", "if (a) {\n  b()"],
  ["incomplete", "const s = `one\ntwo"],
  ["incomplete", "/* a comment"],
  ["incomplete", "1 +"],
  ["incomplete", "const f = (a: number) =>"],
  ["incomplete", "interface A {"],
  ["incomplete", "class A {\n  m() {"],
  ["invalid", "const = 1"],
  ["invalid", ")"],
  ["invalid", "const a = 1 1;\nfoo("],
  ["invalid", "const s = 'one"],
  ["invalid", "1 1"],
])("%s: %j", async ([status, code]) => {
  expect((await completeness(code)).status).toBe(status);
});

test("the next line is indented as deep as what it continues", async () => {
  expect(await completeness("  f(")).toEqual({ status: "incomplete", indent: "    " });
  expect(await completeness("if (a) {\n  b = 1 +")).toEqual({ status: "incomplete", indent: "  " });
});
