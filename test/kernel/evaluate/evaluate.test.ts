import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Evaluator, type Injected } from "../../../kernel/evaluate/evaluate.ts";
import { tags } from "../../../kernel/rich/tags.ts";
import type { Outcome } from "../../../kernel/schedule/run.ts";
import { kernelCells } from "../../support/kernel-cells.ts";

const directory = mkdtempSync(join(tmpdir(), "evaluate-"));
const evaluator = new Evaluator(directory);
let number = 0;

const injected: Injected = {
  signal: new AbortController().signal,
  progress: () => {},
  display: (value: unknown) => value,
  clear: () => {},
  ...tags,
  heatmap: () => {},
  console,
};

async function evaluate(
  source: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<Outcome> {
  const [cell] = await kernelCells({ it: source }, { page: Object.keys(values) });
  return evaluator.evaluate(
    {
      number: number++,
      cell: cell!,
      values: new Map(Object.entries(values)),
      identity: new Map(),
      sources: new Map(),
      controller: new AbortController(),
      began: 0,
    },
    injected,
  );
}

test.for<[what: string, source: string, outputs: object, preview?: string]>([
  ["declarations are outputs", "const a = 1; let b = 2; var c = 3", { a: 1, b: 2, c: 3 }],
  ["patterns declare", "const { x, y: [z] } = { x: 1, y: [2] }", { x: 1, z: 2 }],
  ["an expression has a value only", "n + 1", {}, "6"],
  ["an object is an expression", "{ a: n }", {}, "{ a: 5 }"],
  ["the last expression is previewed", "const a = n; a * 2", { a: 5 }, "10"],
  ["it awaits", "const a = await Promise.resolve(n)", { a: 5 }],
  ["promises among outputs are awaited", "const a = Promise.resolve(n)", { a: 5 }],
  ["a promise that is the value is awaited", "Promise.resolve(n)", {}, "5"],
  [
    "builtins are there",
    "const a = [typeof signal.aborted, typeof progress]",
    { a: ["boolean", "function"] },
  ],
  [
    "a declaration comes before a builtin",
    "const signal = n; const display = 1",
    { signal: 5, display: 1 },
  ],
  [
    "an import may have a builtin's name",
    'import { log as console } from "node:console"; const a = typeof console',
    expect.objectContaining({ a: "function" }),
  ],
  [
    "arrays and errors are those of libraries",
    "const a = [[] instanceof Array, new Error() instanceof Error]",
    { a: [true, true] },
  ],
  [
    "Node's globals are there",
    "const a = [typeof process, typeof Buffer, typeof structuredClone]",
    { a: ["object", "function", "function"] },
  ],
  [
    "nothing leaks into the global scope",
    "var leaked = 1; const a = globalThis.leaked === undefined",
    { leaked: 1, a: true },
  ],
  ["it is strict", "const a = (function () { return this })() === undefined", { a: true }],
  ["import.meta is the workbook's folder", "const a = import.meta.dirname", { a: directory }],
  [
    "its folder is found from its own address",
    'import { dirname } from "node:path"; import { fileURLToPath } from "node:url"; const a = [dirname(fileURLToPath(import.meta.url)), dirname(import.meta.filename), dirname(__filename), __dirname]',
    expect.objectContaining({ a: [directory, directory, directory, directory] }),
  ],
  [
    "it may require, or declare what does",
    'const a = [typeof require("node:fs").readFileSync, typeof require.resolve, typeof require("acorn").parse]',
    { a: ["function", "function", "function"] },
  ],
  [
    "its own require comes first",
    'import { createRequire } from "node:module"; const require = createRequire(import.meta.url); const a = require("node:path").sep',
    expect.objectContaining({ a: "/" }),
  ],
  ["an empty cell gives nothing", "", {}],
])("%s: %j", async ([, source, outputs, preview]) => {
  const outcome = await evaluate(source, { n: 5 });
  expect(outcome.error).toBeUndefined();
  expect(Object.fromEntries(outcome.outputs)).toEqual(outputs);
  expect(outcome.preview).toBe(preview);
});

test.for<[source: string, line: number, column: number, message: string]>([
  ["missing", 1, 1, "missing is not defined"],
  ["// first\nmissing;", 2, 1, "missing is not defined"],
  ["const a = 1;\n  missing", 2, 3, "missing is not defined"],
  ["const a = 1; missing()", 1, 14, "missing is not defined"],
  ["null.x", 1, 6, "Cannot read properties of null (reading 'x')"],
  ["\n\nthrow new TypeError('Wrong')", 3, 7, "Wrong"],
  ["interface Gone {\n  a: 1;\n}\nthrow new Error('Fourth')", 4, 7, "Fourth"],
  ["const f = <T,>(x: T): T => { throw new Error('Typed') };\nf<number>(1)", 1, 36, "Typed"],
  [
    'import { join } from "node:path"; join(1)',
    1,
    35,
    'The "path" argument must be of type string. Received type number (1)',
  ],
  ["await null;\n throw new Error('After')", 2, 8, "After"],
  [
    "await Promise.all([1].map(async () => {\n  await null;\n  throw new Error('Deep');\n}))",
    3,
    9,
    "Deep",
  ],
  ["const a = { get then() { throw new Error('Getter') } }", 1, 32, "Getter"],
  ["const =", 1, 7, "Unexpected token"],
  ["const a = 1;\nconst a = 2", 2, 7, "Identifier 'a' has already been declared"],
  ["n = 1; n++", 1, 1, "Assignment to constant variable"],
])("%j fails at %i:%i", async ([source, line, column, message]) => {
  const { error, outputs } = await evaluate(source, source.startsWith("n =") ? { n: 1 } : {});
  if (source.startsWith("n =")) {
    // Whether an input may be written is the analysis's to say; here it is a plain parameter.
    expect(error).toBeUndefined();
    return;
  }
  expect(error?.message).toBe(message);
  expect(error?.at).toEqual({ cell: "it", line, column });
  expect(error?.frames?.[0]).toEqual(error?.at);
  expect(outputs.size).toBe(0);
});

test("frames of Node and libraries are left out", async () => {
  const { error } = await evaluate(
    "const go = () => {\n [1].map(() => { throw new Error('In') })\n};\ngo()",
  );
  // Here the kernel runs in a test's process, whose files are nobody's package.
  expect(error?.frames?.filter(({ file }) => file === undefined)).toEqual([
    { cell: "it", line: 2, column: 24 },
    { cell: "it", line: 2, column: 6 },
    { cell: "it", line: 4, column: 1 },
  ]);
});

test("an edited module is the business of a new kernel, a changed cell is not", async () => {
  writeFileSync(join(directory, "own.mjs"), "export const own = 1");
  const source = 'import { own } from "./own.mjs"; const a = own + n';
  expect((await evaluate(source, { n: 1 })).outputs.get("a")).toBe(2);
  expect((await evaluate(source, { n: 2 })).outputs.get("a")).toBe(3);
  expect((await evaluate(`${source} + 10`, { n: 2 })).outputs.get("a")).toBe(13);
});

test("each run has functions of its own", async () => {
  const one = (await evaluate("const f = () => n", { n: 1 })).outputs.get("f") as () => number;
  const two = (await evaluate("const f = () => n", { n: 2 })).outputs.get("f") as () => number;
  expect([one(), two()]).toEqual([1, 2]);
});
