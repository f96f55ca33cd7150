import { afterEach, describe, expect, test } from "vitest";
import { expectAbortedAtOnce } from "../../../support/aborting.ts";
import { countedWorkers } from "../../support/counted-workers.ts";
import "../../../../src/engine/node/index.ts";
import { wasmEngine } from "../../../../src/engine/index.ts";
import { nodeWorkers } from "../../../../src/engine/node/workers.ts";
import { inlineSpawn } from "../../../../src/engine/wasm/inline.ts";
import { compiled } from "../../../../src/engine/wasm/kernels.ts";
import { Pool } from "../../../../src/engine/wasm/pool.ts";
import { WasmPrograms } from "../../../../src/engine/wasm/program/programs.ts";
import type { Spawn } from "../../../../src/engine/wasm/spawn.ts";
import { DirectStore } from "../../../../src/engine/wasm/store.ts";
import type { WasmOptions } from "../../../../src/engine/wasm/wasm.ts";
import {
  type Engine,
  matrix,
  type Precision,
  ProgramBuilder,
  type ProgramGroup,
} from "../../../../src/tensor/index.ts";
import { bitsOf, filled } from "../../support/programs.ts";

const opened: Engine[] = [];

async function open(options: WasmOptions) {
  const engine = await wasmEngine(options);
  opened.push(engine);
  return engine.programs!;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((engine) => engine.dispose()));
});

describe.for<Precision>(["float64", "float32"])("%s", (precision) => {
  test("the same bits from any number of workers, with one memory or many", async () => {
    const found: unknown[] = [];
    const options: WasmOptions[] = [0, 1, 2, 4].map((threads) => ({ threads }));
    for (const own of [...options, { threads: 3, shared: false }]) {
      const programs = await open(own);
      // The second run finds all workers at once ready.
      await bitsOf(programs, precision);
      found.push(await bitsOf(programs, precision));
    }
    for (const bits of found) expect(bits).toEqual(found[0]);
  });
});

/** X·X of one task, and groups of it. */
async function squares(programs: Awaited<ReturnType<typeof open>>, size: number, count: number) {
  const p = new ProgramBuilder();
  const x = p.input(size, size);
  const of = await programs.load(filled(size, size, 1, "float64"));
  const task = { inputs: [{ of, row: 0, column: 0 }] };
  const groups: ProgramGroup[] = Array.from({ length: count }, () => ({ tasks: [task] }));
  return { program: p.program(p.dot(p.product(x, x), x)), groups, task, of };
}

const kinds: [string, WasmOptions][] = [
  ["one memory", { threads: 2, shared: true }],
  ["a memory each", { threads: 2, shared: false }],
  ["this thread", { threads: 0 }],
];

describe.for(kinds)("%s", ([, options]) => {
  test("runs asked for at once are all answered, each with its own", async () => {
    const programs = await open(options);
    const all = await Promise.all([3, 4, 5, 6].map((size) => squares(programs, size, size)));
    const found = await Promise.all(
      all.map(({ program, groups }) => programs.run(program, groups)),
    );
    for (const [i, { program, groups }] of all.entries()) {
      const alone = await programs.run(program, groups.slice(0, 1));
      expect(found[i]).toEqual(groups.map(() => alone[0]));
    }
  });

  test("matrices released while a run is at work are kept until it is done", async () => {
    const programs = await open(options);
    const { program, groups, of } = await squares(programs, 20, 40);
    const expected = (await programs.run(program, groups))[0];
    const run = programs.run(program, groups);
    of.release();
    // It takes the released memory, if that is free already.
    await programs.load(matrix(20, 20));
    for (const sums of await run) expect(sums).toEqual(expected);
  });

  test.for([1, 4000])(
    "an aborted run rejects at once, and others go on: %i groups",
    async (count) => {
      const { spawn, count: workers } = countedWorkers();
      const programs = await open({ ...options, spawn });
      const { program, groups, task } = await squares(programs, 100, 1);
      const expected = await programs.run(program, groups);
      // About two seconds in all.
      const tasks = Array(16_000 / count).fill(task);
      const long = Array<ProgramGroup>(count).fill({ tasks });
      const abort = new AbortController();
      const run = programs.run(program, long, { signal: abort.signal });
      const other = programs.run(program, groups);
      await expectAbortedAtOnce(run, abort);
      const { tasks: posted } = workers;
      expect(await other).toEqual(expected);
      // Of what was aborted no worker is handed more.
      expect(workers.tasks - posted).toBeLessThanOrEqual(2);
    },
  );

  test("more than fits is a RangeError that names bytes", async () => {
    const programs = await open(options);
    await expect(programs.allocate([30_000, 30_000], "float64")).rejects.toThrow(
      'Cannot hold a matrix of 7200000000 bytes in engine "wasm": expected at most 4294901760 bytes in all, found 0 in use',
    );
    const p = new ProgramBuilder();
    const x = p.input(30_000, 1);
    const square = p.product(x, x, { transposeB: true });
    const program = p.program(p.rowDots(square, square));
    const of = await programs.allocate([30_000, 1], "float64");
    const inputs = [{ of, row: 0, column: 0 }];
    await expect(programs.run(program, [{ tasks: [{ inputs }] }])).rejects.toThrow(
      /^Cannot hold intermediate results of 72\d+ bytes in engine "wasm"/,
    );
  });

  test("a disposed engine rejects what is at work", async () => {
    const programs = await open(options);
    const { program, task } = await squares(programs, 100, 1);
    const run = programs.run(program, [{ tasks: Array(16_000).fill(task) }]);
    const rejected = expect(run).rejects.toThrow('Cannot compute in engine "wasm": it is disposed');
    await opened.splice(0)[0]!.dispose();
    await rejected;
  });
});

test("all memory is given back: after runs done and aborted, and what is released", async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1000 });
  const store = new DirectStore(memory);
  const module = await compiled(false);
  const pool = new Pool(inlineSpawn, 1, { kind: "start", module, memory }, () => []);
  const programs = new WasmPrograms(store, pool, 1);
  const { program, groups, task, of } = await squares(programs, 30, 4);
  await programs.run(program, groups);
  const signal = AbortSignal.timeout(10);
  const long = programs.run(program, [{ tasks: Array(100_000).fill(task) }], { signal });
  await expect(long).rejects.toMatchObject({ name: "TimeoutError" });
  of.release();
  // Behind the aborted run, whose worker is ended a moment later.
  await expect
    .poll(() => {
      const at = store.take(100_000, "anything");
      store.give(at);
      return at;
    })
    .toBe(64);
});

test("a worker that fails in a run: the run fails, the worker goes on", async () => {
  const spawn: Spawn = (source, events) => {
    const broken = `let runs = 0; const call = self.onmessage;
      self.onmessage = ({ data }) => {
        if (data.kind === "program" && runs++ === 0) data = { ...data, kernel: "none" };
        call({ data });
      };`;
    return nodeWorkers.spawn(source + broken, events);
  };
  const programs = await open({ threads: 1, spawn });
  const { program, groups } = await squares(programs, 3, 1);
  await expect(programs.run(program, groups)).rejects.toThrow(
    /^Cannot compute in a worker of engine "wasm": TypeError: kernels\[kernel\] is not a function$/,
  );
  expect(await programs.run(program, groups)).toHaveLength(1);
});
