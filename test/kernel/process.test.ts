import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { encode } from "../../src/protocol/index.ts";
import { Kernel, kernelScript } from "../support/kernel.ts";
import { kernelCells } from "../support/kernel-cells.ts";

let kernel: Kernel;
afterEach(() => kernel.kill());

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

test("it says that it is ready, with what it is", async () => {
  kernel = new Kernel();
  const ready = await kernel.find((notice) => notice.type === "ready");
  expect(ready).toMatchObject({ pid: kernel.process.pid, node: process.version });
  await kernel.find((notice) => notice.type === "memory" && notice.bytes > 1e6);
});

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

test("200 fast requests end on the right value, with stale runs stopped in the middle of a loop", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells(
      {
        kept: "const kept = []",
        slow: "kept.push(n); const until = performance.now() + 400; while (performance.now() < until) {} const y = 10 * n",
        below: "const z = y + 1",
      },
      { page: ["n"], wanted: ["z"] },
    ),
  );
  let last = 0;
  for (let n = 0; n < 200; n++) {
    last = kernel.ask(["below"], { n });
    await sleep(4);
  }
  const began = performance.now();
  const answer = await kernel.answer(last, "below");
  expect(answer.values).toEqual({ z: 1991 });
  expect(performance.now() - began).toBeLessThan(1_000);
  const results = kernel.notices.filter((notice) => notice.type === "result");
  expect(results).toEqual([answer]);
  const states = kernel.notices.flatMap((n) =>
    n.type === "run" && n.cell === "slow" ? [n.state] : [],
  );
  expect(states.filter((state) => state === "stale").length).toBeGreaterThan(5);
  expect(states.filter((state) => state === "done")).toHaveLength(1);
}, 15_000);

test("a stale run that heeds its signal ends by it", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells(
      {
        polite: `
          const wait = (ms) => new Promise((done, fail) => {
            const timer = setTimeout(done, ms);
            signal.addEventListener("abort", () => { clearTimeout(timer); console.log("heeded", n); fail(signal.reason); });
          });
          await wait(n === 1 ? 60_000 : 1);
          const y = n;`,
      },
      { page: ["n"], wanted: ["y"] },
    ),
  );
  kernel.ask(["polite"], { n: 1 });
  await kernel.state("polite", "running");
  await sleep(20);
  expect((await kernel.result("polite", { n: 2 })).values).toEqual({ y: 2 });
  expect(kernel.logs()).toBe("heeded 1");
});

test("a request of another client does not end a run", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells(
      {
        a: "const until = performance.now() + 300; while (performance.now() < until) {} const y = n",
      },
      { page: ["n"] },
    ),
  );
  const first = kernel.ask(["a"], { n: 1 }, "left");
  await kernel.state("a", "running");
  const second = kernel.ask(["a"], { n: 2 }, "right");
  expect((await kernel.answer(first, "a")).values).toEqual({ until: expect.any(Number), y: 1 });
  expect((await kernel.answer(second, "a")).values).toMatchObject({ y: 2 });
});

test("a result has left before the next cell blocks the thread", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells(
      {
        quick: "const quick = new Float64Array(5e5)",
        slow: "quick; const until = performance.now() + 700; while (performance.now() < until) {}",
      },
      { wanted: ["quick"] },
    ),
  );
  const seq = kernel.ask(["quick", "slow"]);
  await kernel.answer(seq, "quick");
  const began = performance.now();
  await kernel.answer(seq, "slow");
  expect(performance.now() - began).toBeGreaterThan(400);
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
        display([1, 2]);
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
  expect(text("log")).toContain("[ 1, 2 ]");
  expect(text("info")).toBe(Array.from({ length: 1000 }, (_, i) => i).join("\n"));
  expect(logs.length).toBeLessThan(100);
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

test("what fails outside of any run is told, and the kernel lives", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({
      timer: 'setTimeout(() => { throw new Error("from a timer") })',
      promise: "\nvoid Promise.reject(new TypeError('nobody awaits'))",
      after: "const after = 1",
    }),
  );
  await kernel.result("timer");
  await kernel.result("promise");
  const first = await kernel.find((n) => n.type === "uncaught" && n.cell === "timer");
  expect(first).toMatchObject({
    error: { name: "Error", message: "from a timer", at: { cell: "timer", line: 1 } },
  });
  const second = await kernel.find((n) => n.type === "uncaught" && n.cell === "promise");
  expect(second).toMatchObject({
    error: { name: "TypeError", message: "nobody awaits", at: { line: 2 } },
  });
  expect((await kernel.result("after")).values).toEqual({ after: 1 });
});

test("frames that make no sense are refused with a sentence, and the kernel lives", async () => {
  kernel = new Kernel();
  kernel.sendBytes(new Uint8Array([1, 2, 3]));
  kernel.sendBytes(new Uint8Array(0));
  kernel.sendBytes(encode({ type: "nonsense" }));
  kernel.sendBytes(encode(null));
  kernel.sendBytes(encode({ type: "request" }));
  kernel.sendBytes(encode({ type: "cells", cells: [{}], directory: "/" }));
  kernel.control.write("not JSON\n[]\nnull\n");
  kernel.cells(await kernelCells({ a: "const a = 1" }));
  expect((await kernel.result("a")).values).toEqual({ a: 1 });
  const told = kernel.notices.flatMap((n) => (n.type === "uncaught" ? [n.error.message] : []));
  expect(told).toEqual([
    "Cannot read frame: expected at least 4 bytes, found 3",
    "Cannot read frame: expected at least 4 bytes, found 0",
    'Cannot accept command: expected the type cells, request or stop, found "nonsense"',
    "Cannot accept command: expected an object with a type, found null",
    "Cannot accept command: expected seq to be a whole number from 0, found undefined",
    "Cannot accept command: expected a cell's code to be a text, found undefined",
  ]);
});

test("process.exit in a cell ends it with that code, and what was told before has left", async () => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ a: 'console.log("last words"); process.exit(7)' }));
  const began = performance.now();
  kernel.ask(["a"]);
  expect(await kernel.ended).toEqual({ code: 7, signal: null });
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(kernel.notices).toContainEqual({ type: "run", cell: "a", state: "running" });
  expect(kernel.logs()).toBe("last words");
});

test("process.exit works after a stop too", async () => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ loop: "for (;;) {}", exit: "process.exit(3)" }));
  const stopped = kernel.result("loop");
  await kernel.state("loop", "running");
  await sleep(30);
  kernel.stop();
  await stopped;
  kernel.ask(["exit"]);
  expect(await kernel.ended).toEqual({ code: 3, signal: null });
});

test("out of memory ends the process with Node's own words; the running cell was told", async () => {
  kernel = new Kernel(undefined, ["--max-old-space-size=64"]);
  kernel.cells(
    await kernelCells({ a: "const all = []; for (;;) all.push({ text: String(Math.random()) })" }),
  );
  kernel.ask(["a"]);
  const { code, signal } = await kernel.ended;
  expect(code === 0).toBe(false);
  expect([code, signal]).not.toEqual([null, null]);
  expect(kernel.output).toMatch(/heap out of memory/);
  expect(kernel.notices).toContainEqual({ type: "run", cell: "a", state: "running" });
}, 20_000);

test.for([
  ["idle", "const a = 1"],
  ["in a busy loop", "for (;;) {}"],
] as const)("when the server goes away, a kernel that is %s ends", async ([, source]) => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ a: source }));
  kernel.ask(["a"]);
  await kernel.state("a", "running");
  await sleep(50);
  const { pid } = kernel.process;
  kernel.frames.destroy();
  expect(await kernel.ended).toEqual({ code: null, signal: "SIGKILL" });
  expect(() => process.kill(pid!, 0)).toThrow("ESRCH");
});

test("the working directory is the workbook's, and changes with it", async () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "kernel-")));
  kernel = new Kernel();
  kernel.cells(await kernelCells({ a: "const here = process.cwd()" }), directory);
  expect((await kernel.result("a")).values).toEqual({ here: directory });
});

test("started by hand it says what it expects", () => {
  kernel = new Kernel();
  const run = spawnSync(process.execPath, [kernelScript], { stdio: ["ignore", "pipe", "pipe"] });
  expect(run.status).toBe(2);
  expect(String(run.stderr)).toBe(
    "The kernel is started by the server: expected pipes on fd 3 and fd 4\n",
  );
});
