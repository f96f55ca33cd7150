import { describe, expect, test } from "vitest";
import { importEdit } from "../../src/language/completions.ts";
import { outlineOf } from "../../src/language/outline.ts";

const declared = (source: string) =>
  outlineOf(source).declared.map(({ name, kind, from }) => [name, kind, from]);

test.for<[string, [string, string, number][]]>([
  [
    "const a = 1, b = 2;",
    [
      ["a", "const", 6],
      ["b", "const", 13],
    ],
  ],
  [
    "let a; var b",
    [
      ["a", "let", 4],
      ["b", "var", 11],
    ],
  ],
  [
    "const {a, b: c, ...d} = e",
    [
      ["a", "const", 7],
      ["c", "const", 13],
      ["d", "const", 19],
    ],
  ],
  [
    "const [a, , [b = 1]] = c",
    [
      ["a", "const", 7],
      ["b", "const", 13],
    ],
  ],
  ["function f() { const inner = 1 }", [["f", "function", 9]]],
  [
    "class C {} interface I {} type T = 1; enum E {}",
    [
      ["C", "class", 6],
      ["I", "interface", 21],
      ["T", "type", 31],
      ["E", "enum", 43],
    ],
  ],
  [
    'import d, {a, b as c} from "m"; import * as n from "n"; import "side"',
    [
      ["d", "import", 7],
      ["a", "import", 11],
      ["c", "import", 19],
      ["n", "import", 44],
    ],
  ],
  ["a + b; { const c = 1 }", []],
  ["const ", []],
])("names that %j declares", ([source, names]) => {
  expect(declared(source)).toEqual(names);
});

test("every name in a cell is known, members and types among them, keywords and texts not", () => {
  const { names } = outlineOf('const a: T = b.c["d"]; // e');
  expect([...names].sort()).toEqual(["T", "a", "b", "c"]);
});

test.for<[string, boolean]>([
  ["{a: 1}", true],
  ["// a\n/* b */ {a: 1} // c", true],
  ["{a: 1};", false],
  ["{ const a = 1 }", false],
  ["{}", true],
  ["function () {}", true],
  ["async function () {}", true],
  ["function f() {}", false],
  ["class {}", true],
  ["class C {}", false],
  ["{a: 1}\n{b: 2}", false],
  ["a", false],
  ["{a: ", false],
  ["functional()", false],
])("%j is one expression: %s", ([source, is]) => {
  expect(outlineOf(source).parenthesised).toBe(is);
});

test("lines of slashes and many comments before code take no time", () => {
  for (const comments of ["/".repeat(1_000), "/* a */".repeat(1_000), "// a\n".repeat(1_000)]) {
    expect(outlineOf(`${comments}\nconst a = 1`).parenthesised).toBe(false);
    expect(outlineOf(`${comments}\n{a: 1}`).parenthesised).toBe(true);
  }
  expect(outlineOf("// {").parenthesised).toBe(false);
});

test("empty arrays that are properties end where they do, in parentheses too", () => {
  expect(outlineOf("const a = {b: [], c: [1], d: []}; const e = []").openArrays).toEqual([16, 31]);
  expect(outlineOf("{b: []}").openArrays).toEqual([6]);
});

test("a text with an error in its grammar is not sound", () => {
  expect(outlineOf("const a = 1").sound).toBe(true);
  expect(outlineOf("const a = ").sound).toBe(false);
});

test("a docstring is the last before what it is of, as it stands", () => {
  const docs = (source: string) => outlineOf(source).declared[0]!.docs;
  expect(docs("/** one */\n/** two\n * lines */\n// three\nconst a = 1")).toBe(
    "/** two\n * lines */",
  );
  expect(docs("/* none */ const a = 1")).toBe("");
});

test.for<[string, boolean]>([
  ["f()", true],
  ["view(f())", false],
  ["new P()", true],
  ["p", true],
  ["p.q", true],
  ["p[0]", true],
  ["c ? p : 1", true],
  ["p ?? 1", true],
  ["p as T", true],
  ["p!", true],
  ["(p)", true],
  ["1", false],
  ["() => p", false],
  ["{p}", false],
  ["await p", false],
])("const x = %s: it may be a promise: %s", ([made, may]) => {
  expect(outlineOf(`const x = ${made}`).declared[0]!.maySettle).toBe(may);
});

describe("an import is added", () => {
  const imported = (source: string) => {
    const { from, to, text } = importEdit(source, "name", "m");
    return source.slice(0, from) + text + source.slice(to);
  };
  test.for([
    ["1", 'import { name } from "m";\n1'],
    ['import { a } from "m";\n1', 'import { a, name } from "m";\n1'],
    ['import { a } from "n";\n1', 'import { a } from "n";\nimport { name } from "m";\n1'],
    ['import type { A } from "m";\n1', 'import type { A } from "m";\nimport { name } from "m";\n1'],
    ['import * as a from "m";', 'import * as a from "m";\nimport { name } from "m";'],
    ['import a from "m";', 'import a from "m";\nimport { name } from "m";'],
    ['import {} from "m";', 'import {} from "m";\nimport { name } from "m";'],
    ["const a = 1;\nimport { b } from 'm';", "const a = 1;\nimport { b, name } from 'm';"],
  ])("to %j", ([source, after]) => {
    expect(imported(source!)).toBe(after);
  });
});
