import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
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
  expect(ready).toMatchObject({ pid: kernel.process.pid, node: expect.stringMatching(/^v\d+\./) });
  await kernel.find((notice) => notice.type === "memory" && notice.bytes > 1e6);
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
  const answer = await kernel.answer(last, "below");
  expect(answer.values).toEqual({ z: 1991 });
  const results = kernel.notices.filter((notice) => notice.type === "result");
  expect(results).toEqual([answer]);
  const states = kernel.notices.flatMap((n) =>
    n.type === "run" && n.cell === "slow" ? [n.state] : [],
  );
  expect(states.filter((state) => state === "stale").length).toBeGreaterThan(5);
  // On a machine that does much else, a run between two requests may come to its end.
  expect(states.filter((state) => state === "done").length).toBeLessThan(10);
  expect(states.at(-1)).toBe("done");
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
          const waiting = wait(n === 1 ? 60_000 : 1);
          if (n === 1) console.log("waiting");
          await waiting;
          const y = n;`,
      },
      { page: ["n"], wanted: ["y"] },
    ),
  );
  kernel.ask(["polite"], { n: 1 });
  await kernel.find((notice) => notice.type === "log");
  expect((await kernel.result("polite", { n: 2 })).values).toEqual({ y: 2 });
  expect(kernel.logs()).toBe("waiting\nheeded 1");
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
  const folder = mkdtempSync(join(tmpdir(), "result-"));
  const heard = join(folder, "heard");
  kernel.cells(
    await kernelCells(
      {
        fs: 'import { existsSync } from "node:fs"',
        quick: "const quick = new Float64Array(5e5)",
        slow: `quick; while (!existsSync(${JSON.stringify(heard)})) {}`,
      },
      { wanted: ["quick"] },
    ),
  );
  const seq = kernel.ask(["quick", "slow"]);
  await kernel.answer(seq, "quick");
  writeFileSync(heard, "");
  await kernel.answer(seq, "slow");
  rmSync(folder, { recursive: true });
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

test("a timer that fails again and again is told some times, then counted", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells({
      ticks: 'setInterval(() => { throw new Error("tick") }, 1)',
      b: "const b = 1",
    }),
  );
  await kernel.result("ticks");
  const counted = await kernel.find(
    (n) => n.type === "log" && n.cell === "ticks" && n.text.startsWith("… left out: "),
  );
  expect(counted).toMatchObject({
    text: expect.stringMatching(
      /[0-9,]+ failures? outside of the run, the last was Error: tick; all of them are in .*\.log$/,
    ),
  });
  expect((await kernel.result("b")).values).toEqual({ b: 1 });
  expect(kernel.notices.filter((n) => n.type === "uncaught")).toHaveLength(20);
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
    'Cannot accept command: expected the type cells, request, execute, answer, comm, keys or stop, found "nonsense"',
    "Cannot accept command: expected an object with a type, found null",
    "Cannot accept command: expected seq to be a whole number from 0, found undefined",
    "Cannot accept command: expected a cell's code to be a text, found undefined",
  ]);
});

test("process.exit in a cell ends it with that code, and what was told before has left", async () => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ a: 'console.log("last words"); process.exit(7)' }));
  kernel.ask(["a"]);
  expect(await kernel.ended).toEqual({ code: 7, signal: null });
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

test("a folder that is gone is told, and cells that need it not are computed", async () => {
  kernel = new Kernel();
  kernel.cells(await kernelCells({ a: "const a = 1" }), join(tmpdir(), "no-such-folder"));
  expect((await kernel.result("a")).values).toEqual({ a: 1 });
  expect(await kernel.find((notice) => notice.type === "uncaught")).toMatchObject({
    error: {
      message: expect.stringMatching(/^Cannot enter the workbook's folder .*no-such-folder\n/),
    },
  });
});

test("what is left of a run that was ended is not told as a failure", async () => {
  kernel = new Kernel();
  kernel.cells(
    await kernelCells(
      {
        a: `
          import { setTimeout } from "node:timers/promises";
          const forgotten = { promise: setTimeout(60_000, 1, { signal }) };
          const also = { promise: new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason))) };
          await setTimeout(n === 1 ? 60_000 : 1, 1, { signal });
          progress(1, 2);
          const y = n;`,
      },
      { page: ["n"], wanted: ["y"] },
    ),
  );
  kernel.ask(["a"], { n: 1 });
  await kernel.state("a", "running");
  await sleep(50);
  expect((await kernel.result("a", { n: 2 })).values).toEqual({ y: 2 });
  await sleep(50);
  expect(kernel.notices.filter((notice) => notice.type === "uncaught")).toEqual([]);
});
