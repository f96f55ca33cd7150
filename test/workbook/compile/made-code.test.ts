import { runInNewContext } from "node:vm";
import fc from "fast-check";
import ts from "typescript";
import { expect, test } from "vitest";
import { analyse } from "../../../src/workbook/index.ts";

/** What the code of TypeScript's own makes of it. */
function byTypeScript(source: string, value: string): unknown {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, useDefineForClassFields: true },
  });
  return plain(runInNewContext(`${outputText};${value}`));
}

async function byCell(source: string, value: string): Promise<unknown> {
  const { code, error } = await analyse(source);
  expect(error).toBeUndefined();
  expect(code.split("\n")).toHaveLength(source.split("\n").length);
  return plain(runInNewContext(`${code};${value}`));
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const name = fc.constantFrom("A", "B", "C", "D", '"two words"', "E1");
const members = fc.uniqueArray(
  fc.tuple(
    name,
    fc.constantFrom("", "= 3", "= -1.5", "= 'text'", "= 1 << 2", "= `t`", "= OTHER | 8"),
  ),
  { minLength: 1, maxLength: 5, selector: ([key]) => key },
);

test("an enum is what TypeScript makes of it, on the same lines", async () => {
  await fc.assert(
    fc.asyncProperty(
      members,
      fc.constantFrom(", ", ",\n  ", " ,// x\n"),
      fc.boolean(),
      async (drawn, between, trailing) => {
        let isNumber = true;
        let other: string | undefined;
        const texts = drawn.map(([key, given]) => {
          // A member behind one that is no number needs a value; another member is one that is a number.
          const value = given.includes("OTHER")
            ? other === undefined
              ? "= 2"
              : given.replace("OTHER", other)
            : given === "" && !isNumber
              ? "= 7"
              : given;
          isNumber = !/['`]/.test(value);
          if (isNumber && !key.startsWith('"')) other = key;
          return `${key} ${value}`;
        });
        const source = `const before = 1; enum Made { ${texts.join(between)}${trailing ? "," : ""}\n}\nconst after = 2;`;
        const value = "[Made, before, after]";
        expect(await byCell(source, value)).toEqual(byTypeScript(source, value));
      },
    ),
    { numRuns: 60 },
  );
});

test.for([
  [
    "class A { constructor(private a: number, readonly b = a + 1, c?: string) { this.a++ } }",
    "new A(1)",
  ],
  [
    "class A { constructor(public x: number) {} }\nclass B extends A {\n  constructor(x: number, protected override readonly y: number) {\n    super(x);\n    this.y += 1;\n  }\n}",
    "new B(1, 2)",
  ],
  ["enum E { A }\nnamespace_ = E.A; var namespace_: number", "namespace_"],
  ["const E = { ...(() => { enum F { A = 4, B } return F })() }", "E"],
])("%j", async ([source, value]) => {
  expect(await byCell(source!, value!)).toEqual(byTypeScript(source!, value!));
});
