import { Script } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  analyse,
  bodyLinesBefore,
  compileBrowser,
  compileKernel,
  type KernelFunction,
  type KernelValues,
} from "../../../src/workbook/index.ts";

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<unknown>;

async function browser(source: string, given: Record<string, unknown> = {}): Promise<unknown> {
  const analysis = await analyse(source);
  const body = compileBrowser(analysis, { outputs: analysis.declarations });
  return new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
}

describe("a browser cell", () => {
  test.for<[source: string, value: unknown]>([
    ["1 + n", 42],
    ["{a: n}", { a: 41 }],
    ["await n // note", 41],
    ["(1, n)", 41],
    ["function () {return 1}.name", ""],
    [
      "const a = n, {b} = {b: 2}; function f() {} // note",
      { a: 41, b: 2, f: expect.any(Function) },
    ],
    ["n; // a program gives nothing", {}],
    ["// nothing", {}],
    ["let x: number = n as any", { x: 41 }],
  ])("%s", async ([source, value]) => {
    expect(await browser(source, { n: 41 })).toEqual(value);
  });

  test("is strict, and an assignment to a name that is nowhere fails", async () => {
    await expect(browser("nowhere_at_all = 1")).rejects.toThrow("nowhere_at_all is not defined");
    expect(await browser("this")).toBeUndefined();
  });

  test("an output that is a generator stays one, for the runtime to iterate", async () => {
    const values = { next: () => 1, return: () => 2 };
    const outputs = await browser("const n = view(1);", { view: () => values });
    expect((outputs as { n: unknown }).n).toBe(values);
  });

  test.for(["throw new Error()", "\n  (() => {throw new Error()})()", "a;\nlet x = a.b.c"])(
    "positions are the person's: %j",
    async (source) => {
      const lines = source.split("\n");
      const error = (await browser(source, { a: 1 }).catch((thrown: unknown) => thrown)) as Error;
      const [, line, column] = /<anonymous>:(\d+):(\d+)/.exec(error.stack!)!.map(Number);
      // The engine itself puts two lines before a body.
      const own = lines[line! - 2 - bodyLinesBefore - 1]!;
      expect(own.slice(column! - 1)).toMatch(/^(new Error|throw|c$)/);
    },
  );
});

const modules: Record<string, Record<string, unknown>> = {
  m: { default: "D", a: "A", "e f": "EF" },
};

async function kernel(source: string, given: Record<string, unknown> = {}): Promise<KernelValues> {
  const analysis = await analyse(source);
  const inputs = Object.keys(given);
  const { code, linesBefore } = compileKernel(analysis, {
    inputs,
    outputs: analysis.declarations,
  });
  const script = new Script(code, { filename: "cell-a", lineOffset: -linesBefore });
  const run = script.runInThisContext() as KernelFunction;
  const load = async (specifier: string, names: readonly string[], attributes: object) => {
    if (Object.keys(attributes).length > 0) return { default: attributes };
    for (const name of names) {
      if (!(name in modules[specifier]!)) throw new Error(`${specifier} has no ${name}`);
    }
    return modules[specifier];
  };
  return run(load, { url: "file:///w.md" }, ...Object.values(given));
}

describe("a kernel cell", () => {
  test.for<[source: string, outputs: object, value: unknown]>([
    ["n + 1", {}, 42],
    ["{a: n}", {}, { a: 41 }],
    ["const a = n; a + 1", { a: 41 }, 42],
    ["const a = n\na, a + 1", { a: 41 }, 42],
    ["// note\nn // note", {}, 41],
    ["/* a */ n; /* b */", {}, 41],
    ["'use strict'", {}, "use strict"],
    ["if (n) {}\n{}", {}, undefined],
    [
      "import d, {a, 'e f' as g} from 'm'; [d, a, g]",
      { d: "D", a: "A", g: "EF" },
      ["D", "A", "EF"],
    ],
    ["import * as all from 'm'\nall.a", { all: modules["m"] }, "A"],
    ["import d, * as all from 'm'; all.a + d", { d: "D", all: modules["m"] }, "AD"],
    ["import {default as d} from 'm'\nimport 'm'\n(d)", { d: "D" }, "D"],
    [
      "import data from 'x' with {type: 'json'}; data",
      { data: { type: "json" } },
      { type: "json" },
    ],
    ["let x = 1\nimport {\n  a\n} from 'm'\n[a].length", { x: 1, a: "A" }, 1],
    ["import.meta.url", {}, "file:///w.md"],
    ["import . meta\n.url + import.meta . url", {}, "file:///w.mdfile:///w.md"],
    ["import\n.meta.url", {}, "file:///w.md"],
    ["$value + $import + $importMeta", {}, 6],
    ["import {type T, a} from 'm'; const x: T = a; x", { a: "A", x: "A" }, "A"],
    [
      "async function* g() {yield n}; for await (const x of g()) n + x",
      { g: expect.anything() },
      undefined,
    ],
  ])("%j", async ([source, outputs, value]) => {
    const given = source.includes("$") ? { $value: 1, $import: 2, $importMeta: 3 } : { n: 41 };
    const found = await kernel(source, given);
    expect(found.outputs).toEqual(outputs);
    expect(found.value).toEqual(value);
  });

  test("a loader is told which exports are taken", async () => {
    await expect(kernel("import {b} from 'm'")).rejects.toThrow("m has no b");
  });

  test("a promise among the outputs is left for the kernel to await", async () => {
    expect((await kernel("const p = Promise.resolve(1)")).outputs["p"]).toBeInstanceOf(Promise);
  });

  test.for(["throw new Error()", "\n let x;\n throw new Error()", "import 'm'\nthrow new Error()"])(
    "a script with that offset reports the person's positions: %j",
    async (source) => {
      const error = (await kernel(source).catch((thrown: unknown) => thrown)) as Error;
      const [, line, column] = /cell-a:(\d+):(\d+)/.exec(error.stack!)!.map(Number);
      expect(source.split("\n")[line! - 1]!.slice(column! - 1)).toBe("new Error()");
    },
  );

  test("positions are the person's, behind an import and before a last expression too", async () => {
    const statement = fc.constantFrom(
      "import {a} from 'm';",
      "import 'm'\n",
      "import {\n a\n} from 'm';",
      "import.meta;",
      "import  .  meta;",
      "import\n.meta;",
      "const x = 1;",
      "f()\n",
      ";",
      "/* c */",
      "\n",
      "// c\n",
      "  ",
      "{}",
      "({}).b;",
      "if (1) f();",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(statement, { maxLength: 5 }),
        fc.boolean(),
        async (parts, semicolon) => {
          // Each part once, or its names would be declared twice.
          const source = `${[...new Set(parts)].join("")}here(there)${semicolon ? ";" : ""}`;
          const analysis = await analyse(source);
          if (analysis.error) return;
          const compiled = compileKernel(analysis, { inputs: [], outputs: analysis.declarations });
          for (const name of ["here", "there", "f()"]) {
            if (!source.includes(name)) continue;
            const position = place(compiled.code, name, compiled.linesBefore);
            expect(compiled.original(position)).toEqual(place(source, name, 0));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("lines are never moved, and columns only where there is no room", async () => {
    const source = "import {a} from 'm'\nconst b = 1\n  here()";
    const { code } = compileKernel(await analyse(source), { inputs: [], outputs: [] });
    expect(code.split("\n")[3]).toBe("  here())");
  });
});

function place(code: string, name: string, linesBefore: number): { line: number; column: number } {
  const before = code
    .slice(0, code.indexOf(name, linesBefore ? code.indexOf("\n") : 0))
    .split("\n");
  return { line: before.length - linesBefore, column: before.at(-1)!.length + 1 };
}
