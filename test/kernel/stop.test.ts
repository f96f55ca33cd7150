import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Kernel } from "../support/kernel.ts";
import { kernelCells } from "../support/kernel-cells.ts";
import { nodeVersions } from "../support/nodes.ts";

/** A wasm module whose function f loops for ever. */
const wasmLoop =
  "0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11";

/** Ways to keep a kernel busy for ever. */
const kinds: Readonly<Record<string, string>> = {
  "a loop": "for (;;) {}",
  "a loop after await": "await null; for (;;) {}",
  "a loop after a timer": "await new Promise((done) => setTimeout(done, 5)); for (;;) {}",
  "a loop after an import": 'const zlib = await import("node:zlib"); for (;;) {}',
  "a loop after reading a file":
    'import { readFile } from "node:fs/promises"; await readFile("package.json"); for (;;) {}',
  "a loop in nextTick": "await new Promise(() => process.nextTick(() => { for (;;) {} }))",
  "a loop in a timer": "await new Promise(() => setTimeout(() => { for (;;) {} }))",
  "a loop in setImmediate": "await new Promise(() => setImmediate(() => { for (;;) {} }))",
  "a flood of microtasks": "for (;;) await null",
  "a flood that does not await": "const next = () => Promise.resolve().then(next); await next()",
  "try, catch and finally that swallow":
    "for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }",
  "a promise that never settles": "await new Promise(() => {})",
  "regular expression backtracking": '/^(a+)+$/.test("a".repeat(40) + "b")',
  "a wasm loop": `new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([${wasmLoop}]))).exports.f()`,
  allocation: "let list = []; for (;;) { list.push({}); if (list.length > 1e5) list = []; }",
  printing: 'for (;;) console.log("again")',
  "an expression": "(() => { for (;;) {} })()",
  "a getter of an output": "const late = { get then() { for (;;) {} } }",
  "waiting for a lock": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a typed-array loop":
    "const a = new Float64Array(1e6); for (let i = 0; ; i = (i + 1) % 1e6) a[i] = a[i] * 0.5 + i",
  "typed-array methods":
    "const a = new Float64Array(1e6); for (;;) a.fill(1).sort().map(Math.sqrt)",
  "timers left running":
    "setInterval(() => { for (let i = 0; i < 1e7; i++) {} }, 1); for (;;) await new Promise((done) => setTimeout(done, 1))",
  "an async loop that ignores its signal":
    "for (;;) { await new Promise((done) => setTimeout(done, 1)); for (let i = 0; i < 3e7; i++) {} }",
  "a loop that has left another to a timer": "setTimeout(() => { for (;;) {} }); for (;;) {}",
  "a loop that has left another to a promise":
    "void (async () => { await null; for (;;) {} })(); for (;;) {}",
  "async local storage":
    'import { AsyncLocalStorage } from "node:async_hooks"; await new AsyncLocalStorage().run(1, async () => { await null; for (;;) {} })',
};

const rounds = Number(process.env["STOP_ROUNDS"] ?? 2);
/** A stop takes a second at most; a machine that does much else meanwhile is given more. */
const generous = 10_000;

let kernel: Kernel;
const names = Object.keys(kinds);
const id = (index: number): string => `kind${index}`;

describe.each(nodeVersions())("on Node $name", (node) => {
  /** Milliseconds of each kind's slowest stop. */
  const slowest = new Map<string, number>();

  beforeAll(async () => {
    kernel = new Kernel(undefined, [], { node });
    // Each source in a block of its own: their names are not what this is about.
    const sources = names.map((name, index) => {
      const source = kinds[name]!;
      const isProgram =
        !source.startsWith("import") && name !== "an expression" && !source.includes("const late");
      return [id(index), isProgram ? `n; { ${source} }` : source] as const;
    });
    kernel.cells(
      await kernelCells(
        {
          kept: "const kept = { value: 41, map: new Map([[1, 2]]) }",
          sum: "const sum = kept.value + n",
          ...Object.fromEntries(sources),
        },
        { page: ["n"], wanted: ["sum", "kept"] },
      ),
    );
    await kernel.result("kept");
  });
  afterAll(async () => {
    await kernel.kill();
    const table = [...slowest].map(([kind, ms]) => `${ms.toFixed(0).padStart(6)} ms  ${kind}`);
    const title = `Node ${node.name}: the slowest of ${rounds} stops of each kind`;
    if (process.env["STOP_ROUNDS"]) console.log([title, ...table].join("\n"));
  });

  // One kernel for all of them: what a stop breaks shows in those that follow.
  test.for(names.map((name, index) => [name, index] as const))(
    "%s is stopped, and everything else is as it was",
    async ([kind, index]) => {
      for (let round = 1; round <= rounds; round++) {
        const from = kernel.notices.length;
        const kept = kernel.notices.filter((n) => n.type === "run" && n.cell === "kept").length;
        const answer = kernel.result(id(index), { n: round });
        await kernel.state(id(index), "running", from);
        await new Promise((done) => setTimeout(done, 40));
        const began = performance.now();
        kernel.stop();
        expect(await answer, `round ${round}`).toMatchObject({
          error: { name: "Stopped", message: "The cell was stopped" },
        });
        const took = performance.now() - began;
        slowest.set(kind, Math.max(took, slowest.get(kind) ?? 0));
        expect(took).toBeLessThan(generous);
        const next = await kernel.result("sum", { n: 100 * round + index });
        expect(next.values).toEqual({ sum: 41 + 100 * round + index });
        // The values of other cells are still those of their only run.
        expect(kernel.notices.filter((n) => n.type === "run" && n.cell === "kept")).toHaveLength(
          kept,
        );
      }
    },
  );

  test("after all that, timers, files, imports and workers still work, and nothing was left uncaught", async () => {
    kernel.cells(
      await kernelCells(
        {
          health: `
        import { readFile } from "node:fs/promises";
        import { Worker } from "node:worker_threads";
        await new Promise((done) => setTimeout(done, 1));
        await new Promise((done) => setImmediate(done));
        await new Promise((done) => process.nextTick(done));
        const name = JSON.parse(await readFile("package.json", "utf8")).name;
        const os = await import("node:os");
        const worker = new Worker("1", { eval: true });
        const code = await new Promise((done) => worker.on("exit", done));
        const healthy = [name, typeof os.cpus, code].join();`,
        },
        { wanted: ["healthy"] },
      ),
    );
    expect((await kernel.result("health")).values).toEqual({ healthy: "simile,function,0" });
    expect(kernel.notices.filter((notice) => notice.type === "uncaught")).toEqual([]);
    expect(kernel.output).toBe("");
  });

  test("a run that was given up and goes on all the same is torn off, soon", async () => {
    kernel.cells(
      await kernelCells(
        {
          kept: "const counter = { ticks: 0 }",
          deaf: "n; for (;;) { await new Promise((done) => setTimeout(done, 1)); counter.ticks++; const until = performance.now() + 30; while (performance.now() < until) {} }",
          ticks: "m; const ticks = counter.ticks",
        },
        { page: ["n", "m"], wanted: ["ticks"] },
      ),
    );
    const answer = kernel.result("deaf", { n: 1 });
    await kernel.state("deaf", "running");
    await new Promise((done) => setTimeout(done, 100));
    kernel.stop();
    await answer;
    await new Promise((done) => setTimeout(done, 500));
    const { values: before } = await kernel.result("ticks", { m: 1 });
    expect(before!["ticks"]).toBeGreaterThan(0);
    await new Promise((done) => setTimeout(done, 200));
    expect((await kernel.result("ticks", { m: 2 })).values).toEqual(before);
  });

  test("a run that was given up while it waited, and then loops, does not keep the kernel", async () => {
    kernel.cells(
      await kernelCells(
        {
          sleeper: "n; await new Promise((done) => setTimeout(done, 300)); for (;;) {}",
          next: "const next = m",
        },
        { page: ["n", "m"] },
      ),
    );
    const answer = kernel.result("sleeper", { n: 1 });
    await kernel.state("sleeper", "running");
    kernel.stop();
    expect(await answer).toMatchObject({ error: { name: "Stopped" } });
    await new Promise((done) => setTimeout(done, 300));
    expect((await kernel.result("next", { m: 1 })).values).toEqual({ next: 1 });
  });

  test("a computation of the library is stopped, and computes the same again", async () => {
    kernel.cells(
      await kernelCells(
        {
          networks:
            'import { randomBilinear, similarityMatrix } from "simile"; const networks = Array.from({ length: 40 }, (_, seed) => randomBilinear({ dIn: 60, dHidden: 64, dOut: 30, seed }));',
          matrix:
            "n; const matrix = (await similarityMatrix(networks, { symmetrise: n % 2 === 0, signal, progress })).data",
        },
        { page: ["n"], wanted: ["matrix"] },
      ),
    );
    const { values } = await kernel.result("matrix", { n: 0 });
    for (let n = 1; n <= 8; n++) {
      const answer = kernel.result("matrix", { n });
      await new Promise((done) => setTimeout(done, 4 * n));
      kernel.stop();
      const { error } = await answer;
      if (error) expect(error.name).toBe("Stopped");
    }
    expect((await kernel.result("matrix", { n: 10 })).values).toEqual(values);
  });

  test("stop while nothing runs harms nothing", async () => {
    kernel.cells(await kernelCells({ a: "const a = n" }, { page: ["n"] }));
    for (let i = 0; i < 20; i++) {
      kernel.stop();
      expect((await kernel.result("a", { n: i })).values).toEqual({ a: i });
    }
  });
});
