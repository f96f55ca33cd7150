import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Kernel } from "../support/kernel.ts";
import { kernelCells } from "../support/kernel-cells.ts";

let kernel: Kernel;
afterEach(() => kernel.kill());

test("a cell is computed from a value of the page, and again when that changes", async () => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ square: "const y = n * n" }, { page: ["n"] }));
  expect((await kernel.result("square", { n: 3 })).values).toEqual({ y: 9 });
  expect((await kernel.result("square", { n: 4 })).values).toEqual({ y: 16 });
});

test("cells share objects, promises among outputs are awaited, the last expression is previewed", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells(
      {
        make: "const list = [1, 2, 3]; const later = Promise.resolve(list)",
        same: "const same = later === list",
        seen: "const text: string = 'four'; [text, list.length]",
        expression: "list.map((x) => 2 * x)",
      },
      { wanted: ["same"] },
    ),
  );
  expect((await kernel.result("same")).values).toEqual({ same: true });
  expect(await kernel.result("seen")).toMatchObject({ values: {}, preview: "[ 'four', 3 ]" });
  expect(await kernel.result("expression")).toMatchObject({ values: {}, preview: "[ 2, 4, 6 ]" });
});

test("8 MB of numbers go in and come back bit for bit", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({ twice: "const out = data.map((x) => 2 * x)" }, { page: ["data"] }),
  );
  const data = Float64Array.from({ length: 1e6 }, (_, i) => Math.sin(i));
  const { values } = await kernel.result("twice", { data });
  const out = values!["out"] as Float64Array;
  expect(out).toBeInstanceOf(Float64Array);
  expect(Buffer.from(out.buffer, out.byteOffset, out.byteLength)).toHaveLength(8e6);
  expect(out.every((x, i) => Object.is(x, 2 * data[i]!))).toBe(true);
});

test("what a cell prints is told under its name and level, also later and from a loop", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({
      a: `
        console.log("one", { two: 2 });
        console.warn("careful");
        console.table([{ x: 1 }]);
        setTimeout(() => console.error("late"), 50);
        for (let i = 0; i < 1000; i++) console.info(i);`,
    }),
  );
  await kernel.result("a");
  await kernel.find((notice) => notice.type === "log" && notice.text.includes("late"));
  const logs = kernel.notices.filter((notice) => notice.type === "log");
  expect(new Set(logs.map(({ cell }) => cell))).toEqual(new Set(["a"]));
  const text = (level: string) =>
    logs
      .filter((l) => l.level === level)
      .map((l) => l.text)
      .join("\n");
  expect(text("warn")).toBe("careful");
  expect(text("error")).toBe("late");
  expect(text("log")).toContain("one { two: 2 }\n┌");
  expect(text("info")).toBe(Array.from({ length: 1000 }, (_, i) => i).join("\n"));
  expect(logs.length).toBeLessThan(100);
  // More than the page keeps of it, so all of it is in a file.
  const file = logs.findLast((log) => log.file !== undefined)!.file!;
  expect(readFileSync(file, "utf8").match(/^\d+$/gm)).toHaveLength(1000);
});

test("progress is told at most ten times a second, and the end of it always", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({ a: "for (let i = 1; i <= 5000; i++) progress(i, 5000, 'rows')" }),
  );
  await kernel.result("a");
  const told = kernel.notices.filter((notice) => notice.type === "progress");
  expect(told[0]).toEqual({ type: "progress", cell: "a", done: 1, total: 5000, label: "rows" });
  expect(told.at(-1)).toMatchObject({ done: 5000 });
  expect(told.length).toBeLessThan(20);
});

test("an error has the cell's own line and column, through functions of other cells and imports", async () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "kernel-")));
  writeFileSync(join(directory, "own.mjs"), "export function call(f) { return f() }\n");
  kernel = new Kernel(directory);
  const thrower =
    '\n\nfunction thrower(x: number): never {\n  throw new RangeError("Not " + x);\n}';
  const caller =
    'import { call } from "./own.mjs"; const before = 1;\ninterface Gone { a: 1 }\nawait null;\ncall(() =>\n    thrower(before));';
  kernel.cells(await kernelCells({ thrower, caller }, { wanted: [] }), directory);
  const { error } = await kernel.result("caller");
  expect(error).toEqual({
    name: "RangeError",
    message: "Not 1",
    at: { cell: "thrower", line: 4, column: 9 },
    frames: [
      { cell: "thrower", line: 4, column: 9 },
      { cell: "caller", line: 5, column: 5 },
      {
        cell: "",
        file: "own.mjs",
        line: 1,
        column: 34,
        text: "export function call(f) { return f() }",
      },
      { cell: "caller", line: 4, column: 1 },
    ],
  });
});

test("imports: simile, Node, the workbook's folder, and Simile's own packages", async () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "kernel-")));
  mkdirSync(join(directory, "node_modules", "theirs"), { recursive: true });
  writeFileSync(join(directory, "node_modules", "theirs", "index.mjs"), "export default 'theirs'");
  writeFileSync(
    join(directory, "node_modules", "theirs", "package.json"),
    JSON.stringify({ name: "theirs", exports: "./index.mjs" }),
  );
  writeFileSync(join(directory, "data.json"), '{"n": 7}');
  kernel = new Kernel(directory);
  const sources = {
    simile: 'import { matrix } from "simile"; const shape = matrix(2, 2).shape',
    same: 'import * as again from "simile"; const same = again.matrix === matrix',
    node: 'import { readFileSync } from "node:fs"; const n = JSON.parse(readFileSync("data.json")).n',
    theirs:
      'import theirs from "theirs"; import data from "./data.json" with { type: "json" }; const both = [theirs, data.n]',
    own: 'import { csvParse } from "d3"; const rows = csvParse("a\\n1").length',
    absent: 'import nothing from "no-such-package-at-all"',
    noExport: 'import { nobody } from "simile"',
    noFile: 'import "./no-such-file.mjs"',
    dynamic: 'const zlib = typeof (await import("node:zlib")).gzipSync',
  };
  kernel.cells(
    await kernelCells(sources, { wanted: ["shape", "same", "n", "both", "rows", "zlib"] }),
    directory,
  );
  expect((await kernel.result("simile")).values).toEqual({ shape: [2, 2] });
  expect((await kernel.result("same")).values).toEqual({ same: true });
  expect((await kernel.result("node")).values).toEqual({ n: 7 });
  expect((await kernel.result("theirs")).values).toEqual({ both: ["theirs", 7] });
  expect((await kernel.result("own")).values).toEqual({ rows: 1 });
  expect((await kernel.result("dynamic")).values).toEqual({ zlib: "function" });
  expect((await kernel.result("absent")).error).toMatchObject({
    message: `Cannot import "no-such-package-at-all": there is no such package in ${directory} or above, and none comes with Simile`,
    at: { cell: "absent", line: 1 },
  });
  expect((await kernel.result("noExport")).error).toMatchObject({
    name: "SyntaxError",
    message: 'Cannot import nobody from "simile": it has no such export',
    at: { cell: "noExport", line: 1 },
  });
  expect((await kernel.result("noFile")).error?.message).toContain("no-such-file.mjs");
});

test("an output that cannot leave is an error that names it", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells(
      { a: "const f = () => 1; const table = { inner: f }", b: "const b = table.inner()" },
      { wanted: ["table", "b"] },
    ),
  );
  expect((await kernel.result("a")).error).toMatchObject({
    name: "TransferError",
    message: 'Cannot send "table" to the page: table.inner is a function',
  });
  expect((await kernel.result("b")).values).toEqual({ b: 1 });
});

test("modules of the workbook may be TypeScript, and import each other", async () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "kernel-")));
  writeFileSync(
    join(directory, "one.ts"),
    'import { two } from "./two.ts";\ninterface Gone {\n  a: number;\n}\nexport function fail(): never {\n  throw new Error("typed " + two);\n}\nexport const three: number = two + 1;\n',
  );
  writeFileSync(join(directory, "two.ts"), "export const two = 2 as const;\n");
  writeFileSync(join(directory, "enum.ts"), "export enum Colour {\n  Red,\n}\n");
  writeFileSync(
    join(directory, "space.ts"),
    "export namespace Shapes {\n  export let count: number = 0;\n  export const more = (): never => { count++; throw new Error('full ' + count) }\n}\n",
  );
  kernel = new Kernel(directory);
  kernel.cells(
    await kernelCells(
      {
        a: 'import { three } from "./one.ts"; const a = three',
        b: 'import { fail } from "./one.ts";\nfail()',
        c: 'import { Colour } from "./enum.ts"; const c = Colour.Red',
        d: 'import { Shapes } from "./space.ts";\nnamespace Own { export const run: () => void = Shapes.more }\nOwn.run()',
        loop: 'import { two } from "./two.ts"; for (;;) {}',
      },
      { wanted: ["a", "c"] },
    ),
    directory,
  );
  expect((await kernel.result("a")).values).toEqual({ a: 3 });
  expect((await kernel.result("b")).error).toMatchObject({
    message: "typed 2",
    at: { file: "one.ts", line: 6, column: 9 },
    frames: [{ file: "one.ts" }, { cell: "b", line: 2, column: 1 }],
  });
  expect((await kernel.result("c")).values).toEqual({ c: 0 });
  expect((await kernel.result("d")).error).toMatchObject({
    message: "full 1",
    at: { file: "space.ts", line: 3, column: 53 },
    frames: [{ file: "space.ts" }, { cell: "d", line: 3, column: 5 }],
  });
  const stopped = kernel.result("loop");
  await new Promise((done) => setTimeout(done, 100));
  kernel.stop();
  expect((await stopped).error).toMatchObject({ name: "Stopped" });
  expect((await kernel.result("a")).values).toEqual({ a: 3 });
});
