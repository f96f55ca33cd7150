import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Evaluator, type InjectedIntoExecution } from "../../kernel/evaluate/evaluate.ts";
import { tags } from "../../kernel/rich/tags.ts";
import { executionRun } from "../../kernel/schedule/execution.ts";
import type { Outcome } from "../../kernel/schedule/run.ts";
import { analyse } from "../../src/workbook/index.ts";

const directory = mkdtempSync(join(tmpdir(), "execute-"));
mkdirSync(join(directory, "lib"));
writeFileSync(join(directory, "lib", "m.js"), "export default 'D'; export const a = 'A'");

let evaluator: Evaluator;
let number = 10_000;

beforeEach(() => {
  evaluator = new Evaluator(directory);
});
// The global object is this process's own: each test gives back what it took.
afterEach(() => {
  for (const name of evaluator.namespace.names) {
    if (!(name in evaluator.namespace.apart)) Reflect.deleteProperty(globalThis, name);
  }
});

const injected: InjectedIntoExecution = {
  signal: new AbortController().signal,
  progress: () => {},
  display: (value: unknown) => value,
  ...tags,
  heatmap: () => {},
  console,
  input: () => {},
  clear: () => {},
  page: () => {},
  comm: {},
};

async function execute(code: string): Promise<Outcome> {
  const run = executionRun(number++, { type: "execute", id: "In", code }, 0);
  return evaluator.execute(run, injected);
}

/** The value of the last of several executions; all must succeed. */
async function last(...codes: readonly string[]): Promise<unknown> {
  let value: unknown;
  for (const code of codes) {
    const outcome = await execute(code);
    expect(outcome.error).toBeUndefined();
    const text = outcome.bundle?.["text/plain"];
    value = text === undefined ? undefined : runInThisContext(`(${String(text)})`);
  }
  return value;
}

describe("what an execution declares stays", () => {
  test.for<[codes: readonly string[], value: unknown]>([
    [["const a = 1", "a + 1"], 2],
    [["let a = 1, b = 2; var c = 3", "a + b + c"], 6],
    [
      ["const { x, y: [z, ...w], ...o } = { x: 1, y: [2, 3], q: 4 }", "[x, z, w, o]"],
      [1, 2, [3], { q: 4 }],
    ],
    [["function f(n) { return n > 0 ? f(n - 1) + 1 : 0 }", "f(3)"], 3],
    [["class A { m() { return 1 } }", "new A().m()"], 1],
    [["class A {} class B extends A {} new B() instanceof A"], true],
    [["const a = await Promise.resolve(4)", "a"], 4],
    [
      ['import d, { a as b } from "./lib/m.js"', "[d, b]"],
      ["D", "A"],
    ],
    [['import * as m from "./lib/m.js"', "m.a"], "A"],
    [['import d, * as m from "./lib/m.js"; const [e] = [m.a + d]', "e"], "AD"],
    [["const a = 1\nconst b = a\nb"], 1],
    [["let a", "a"], undefined],
    [["let a = 1; a += 1; a"], 2],
    [["1; // nothing follows"], 1],
    [["({a: 1})"], { a: 1 }],
    [[""], undefined],
    [
      [
        "async function* g() { yield 1; yield 2 }",
        "let s = 0; for await (const x of g()) s += x; s",
      ],
      3,
    ],
    [["outer: for (let i = 0; i < 3; i++) for (;;) continue outer; 5"], 5],
    [["// nothing", "/* nothing */", " \n"], undefined],
    [["\ufeffconst bom = 1;\r\nconst crlf = 2;\r\nbom + crlf"], 3],
    [["#!/usr/bin/env node\n1 + 1"], 2],
    [["export const a = 1, { b } = { b: 2 }", "a + b"], 3],
    [["export default function named() { return 4 }", "named()"], 4],
    [["export default 5"], 5],
    [["const a = 1; export { a }", "a"], 1],
    [
      ["const f = () => 1, g = class {}", "[f.name, g.name]"],
      ["f", "g"],
    ],
  ])("%j", async ([codes, value]) => {
    expect(await last(...codes)).toEqual(value);
  });

  test("and can be declared anew, as anything", async () => {
    expect(await last("const a = 1", "const a = 'b'", "function a() { return 2 }", "a()")).toBe(2);
    expect(await last("class K {}", "let K = 3", "K")).toBe(3);
  });

  test("namespaces too: they live, are declared anew, and fail at their own lines", async () => {
    const typed = async (source: string) => (await analyse(source)).code;
    const first = await typed(
      "namespace N {\n  export let count: number = 0;\n  export const up = () => ++count;\n}",
    );
    expect(await last(first, "const f = () => N.up()", "N.count = 5", "f()")).toBe(6);
    const second = await typed("namespace N { export const up = (): string => 'anew' }");
    expect(await last(second, "[f(), Object.keys(N)]")).toEqual(["anew", ["up"]]);
    const merged = await typed(
      "class N { static a = 1 }\nnamespace N { export const b = N.a + 1 }",
    );
    expect(await last(merged, "[N.a, N.b, new N() instanceof N]")).toEqual([1, 2, true]);
    const failing = await typed(
      "namespace N {\n  export const a: number = 1;\n  export const b: number = a.b.c;\n}",
    );
    expect((await execute(failing)).error?.at).toEqual({ cell: "In", line: 3, column: 32 });
  });

  test("and functions of before see what is declared later", async () => {
    expect(await last("const f = () => later", "const later = 1", "f()")).toBe(1);
    expect(await last("let later = 2", "f()")).toBe(2);
  });

  test("assignments are seen by all that comes after, closures too", async () => {
    expect(
      await last("let n = 1; const up = () => { n += 1 }", "up(); n = n * 10", "up(); n"),
    ).toBe(21);
  });

  test("`let` without a value begins anew, `var` does not", async () => {
    expect(await last("let a = 1; var b = 1", "let a; var b;", "[a, b]")).toEqual([undefined, 1]);
  });

  test("as far as an error let it", async () => {
    const { error } = await execute("const a = 1;\nthrow new Error('x');\nconst b = 2");
    expect(error).toMatchObject({ name: "Error", message: "x", at: { line: 2, column: 7 } });
    expect(await last("[a, b]")).toEqual([1, undefined]);
  });
});

describe("a name that Node relies on", () => {
  test("is the person's in executions and stays Node's everywhere else", async () => {
    const node = globalThis.URL;
    expect(await last("const URL = 'mine'", "URL")).toBe("mine");
    expect(globalThis.URL).toBe(node);
    expect(await last("URL += '!'; URL", "URL")).toBe("mine!");
    expect(await last("function fetch() { return 5 }", "fetch()")).toBe(5);
    expect(typeof globalThis.fetch).toBe("function");
    expect(await last("const display = 1; const console = 2", "[display, console]")).toEqual([
      1, 2,
    ]);
  });

  test("is copied out whatever ends the execution", async () => {
    await execute("let name = 1, process = 2; throw 0");
    expect(await last("process")).toBe(2);
    expect(typeof globalThis.process.pid).toBe("number");
  });
});

describe("an execution fails", () => {
  test.for<[code: string, line: number, column: number]>([
    ["nowhere", 1, 1],
    ["// first\n  nowhere.x", 2, 3],
    ["1;\r\n\tnowhere", 2, 2],
    ["const 𝒜 = 1; 𝒜 + nowhere", 1, 20],
  ])("%j at %i:%i", async ([code, line, column]) => {
    expect((await execute(code)).error?.at).toEqual({ cell: "In", line, column });
  });

  test("at the place in its own lines", async () => {
    expect((await execute("const a = {};\nlet b = 1, c = a.x.y")).error).toMatchObject({
      name: "TypeError",
      at: { cell: "In", line: 2, column: 20 },
    });
    expect((await execute("class A {}; new A().m()")).error?.at).toMatchObject({
      line: 1,
      column: 21,
    });
    expect((await execute("const a = ;")).error).toMatchObject({
      name: "SyntaxError",
      at: { line: 1, column: 11 },
    });
  });

  test("when it assigns to a name that nobody declared, and leaves none behind", async () => {
    const { error } = await execute("never_declared = 1");
    expect(error?.message).toBe("never_declared is not defined");
    expect("never_declared" in globalThis).toBe(false);
  });

  test("when an import has no such name", async () => {
    const { error } = await execute('import { nothing } from "./lib/m.js"');
    expect(error?.message).toBe('Cannot import nothing from "./lib/m.js": it has no such export');
  });
});

test("the names are listed in the order of their declaration", async () => {
  await last("const b = 1", "let a = 2", "const b = 3; const URL = 4");
  expect(evaluator.namespace.names).toEqual(["b", "a", "URL"]);
  expect(evaluator.namespace.names.map((name) => evaluator.namespace.get(name))).toEqual([3, 2, 4]);
});
