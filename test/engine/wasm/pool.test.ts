import { afterEach, describe, expect, test } from "vitest";
import "../../../src/engine/node/index.ts";
import { wasmEngine } from "../../../src/engine/index.ts";
import { nodeWorkers } from "../../../src/engine/node/workers.ts";
import type { Port, PortEvents, Spawn } from "../../../src/engine/wasm/spawn.ts";
import type { WasmOptions } from "../../../src/engine/wasm/wasm.ts";
import type { Chain, ChainRow, Engine, Precision } from "../../../src/tensor/index.ts";
import { expectAbortedAtOnce } from "../../support/aborting.ts";
import { chainOf, floats, integers, type Sizes } from "../support/chains.ts";
import { countedWorkers } from "../support/counted-workers.ts";
import { diagonal } from "../support/recursion.ts";
import { values } from "../support/rows.ts";

const opened: Engine[] = [];

async function open(options: WasmOptions) {
  const engine = await wasmEngine(options);
  opened.push(engine);
  return engine.chains!;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((engine) => engine.dispose()));
});

const deep: Sizes = [30, [20], [64, 41], [40, 50], [9]];
const small: Chain[] = Array.from({ length: 7 }, (_, k) => chainOf([6, [5, 4]], integers(k)));

describe.for<Precision>(["float64", "float32"])("%s", (precision) => {
  test("the same bits from any number of workers, with one memory or many", async () => {
    const networks = Array.from({ length: 30 }, (_, k) => chainOf(deep, floats(k)));
    const options: WasmOptions[] = [0, 1, 2, 4].map((threads) => ({ threads }));
    const rows: ChainRow[] = [];
    for (const own of [...options, { threads: 3, shared: false }]) {
      const chains = await open(own);
      const loaded = await Promise.all(networks.map((chain) => chains.load(chain, precision)));
      const bs = Array.from({ length: 240 }, (_, k) => loaded[k % 30]!);
      // The second row finds all workers at once ready.
      await chains.row(loaded[0]!, bs);
      rows.push(await chains.row(loaded[0]!, bs));
    }
    for (const row of rows) expect(row).toEqual(rows[0]);
  });
});

const kinds: [string, WasmOptions][] = [
  ["one memory", { threads: 2, shared: true }],
  ["a memory each", { threads: 2, shared: false }],
  ["this thread", { threads: 0 }],
];

describe.for(kinds)("%s", ([, options]) => {
  test("rows asked for at once are all answered, each with its own", async () => {
    const chains = await open(options);
    const loaded = await Promise.all(small.map((chain) => chains.load(chain, "float64")));
    const rows = await Promise.all(loaded.map((a, i) => chains.row(a, loaded.slice(i))));
    rows.forEach((row, i) => {
      expect(values(row)).toEqual(small.slice(i).map((b) => diagonal(small[i]!, b)));
    });
  });

  test("chains released while a row is at work are kept until it is done, then reused", async () => {
    const chains = await open(options);
    for (let round = 0; round < 3; round++) {
      const loaded = await Promise.all(small.map((chain) => chains.load(chain, "float64")));
      const row = chains.row(loaded[0]!, loaded);
      for (const chain of loaded) chain.release();
      // They take the released memory, if that is free already.
      const zero = chainOf([6, [5, 4]], () => 0);
      const zeros = await Promise.all(small.map(() => chains.load(zero, "float64")));
      expect(values(await row)).toEqual(small.map((b) => diagonal(small[0]!, b)));
      for (const chain of zeros) chain.release();
    }
  });

  test("memory grows with what is loaded", async () => {
    const chains = await open(options);
    const [first, ...others] = small as [Chain, ...Chain[]];
    const loaded = [await chains.load(first, "float64")];
    await chains.row(loaded[0]!, loaded);
    const large = await chains.load(
      chainOf([300, [300, 10]], () => 0),
      "float64",
    );
    expect(large.bytes).toBeGreaterThan(610 * 300 * 8);
    for (const chain of others) loaded.push(await chains.load(chain, "float64"));
    expect(values(await chains.row(loaded[0]!, loaded))).toEqual(
      small.map((b) => diagonal(first, b)),
    );
  });

  test("an aborted row rejects at once with the reason, and others go on", async () => {
    const { spawn, count } = countedWorkers();
    const chains = await open({ ...options, spawn });
    // About 10 ms a pair: two seconds in all.
    const large = await chains.load(chainOf([256, [256, 64]], floats(1)), "float64");
    const loaded = await chains.load(small[0]!, "float64");
    await chains.row(loaded, [loaded]);
    const abort = new AbortController();
    const row = chains.row(large, Array(200).fill(large), { signal: abort.signal });
    const other = chains.row(loaded, [loaded]);
    await expectAbortedAtOnce(row, abort);
    const { tasks } = count;
    expect(values(await other)).toEqual([diagonal(small[0]!, small[0]!)]);
    // Of what was aborted no worker is handed more.
    expect(count.tasks - tasks).toBeLessThanOrEqual(2);
  });

  test("a disposed engine rejects what is at work and what comes after", async () => {
    const engine = await wasmEngine(options);
    const chains = engine.chains!;
    const loaded = await chains.load(chainOf([256, [256, 64]], floats(1)), "float64");
    const row = chains.row(loaded, Array(100).fill(loaded));
    const rejected = expect(row).rejects.toThrow('Cannot compute in engine "wasm": it is disposed');
    await engine.dispose();
    await rejected;
    await expect(chains.row(loaded, [loaded])).rejects.toThrow("it is disposed");
  });
});

test.for([true, false])(
  "a pair that lasts does not hold up what comes after an abort (shared %s)",
  async (shared) => {
    const { spawn, count } = countedWorkers();
    const chains = await open({ threads: 1, shared, spawn });
    // Several seconds for the one pair.
    const huge = await chains.load(chainOf([1024, [1600, 1]], floats(1)), "float64");
    const loaded = await chains.load(small[0]!, "float64");
    await chains.row(loaded, [loaded]);
    const row = chains.row(huge, [huge, huge, huge, huge], { signal: AbortSignal.timeout(20) });
    await expect(row).rejects.toMatchObject({ name: "TimeoutError" });
    expect(values(await chains.row(loaded, [loaded]))).toEqual([diagonal(small[0]!, small[0]!)]);
    // The worker that computes the pair has been ended for it, and another has taken its place.
    expect(count).toMatchObject({ started: 2, ended: 1 });
  },
);

test("threads that are not a whole number, and workers where none can be started", async () => {
  await expect(wasmEngine({ threads: 1.5 })).rejects.toThrow(
    'Cannot open engine "wasm": expected a whole number of threads, found 1.5',
  );
});

describe("a worker that fails", () => {
  /** Real workers, the first of them with `source` in place of their program. */
  function firstWith(source: string): Spawn {
    let started = 0;
    return (own, events) => nodeWorkers.spawn(started++ === 0 ? source : own, events);
  }

  async function failing(spawn: Spawn, message: string) {
    const chains = await open({ threads: 1, spawn });
    const loaded = await Promise.all(small.map((chain) => chains.load(chain, "float64")));
    const rows = [chains.row(loaded[0]!, loaded), chains.row(loaded[1]!, loaded)] as const;
    await expect(rows[0]).rejects.toThrow(
      `Cannot compute in a worker of engine "wasm": ${message}`,
    );
    // What the lost worker had yet to do is done by the next.
    expect(values(await rows[1])).toEqual(small.map((b) => diagonal(small[1]!, b)));
  }

  test("by an exception outside of a task", () =>
    failing(firstWith("throw new Error('no wasm here')"), "no wasm here"));

  test("by ending", () =>
    failing(firstWith("self.onmessage = () => process.exit(3)"), "Worker ended with code 3"));

  test("by a message that answers nothing", () =>
    failing(
      firstWith("self.onmessage = () => self.postMessage({ id: 99 })"),
      "an answer to nothing",
    ));

  test("by failing to start", () => {
    let started = 0;
    const spawn = (source: string, events: PortEvents): Port => {
      if (started++ === 0) throw new Error("no more threads");
      return nodeWorkers.spawn(source, events);
    };
    return failing(spawn, "no more threads");
  });

  test("in a task: its row fails, the worker goes on", async () => {
    let started = 0;
    const spawn: Spawn = (source, events) => {
      started++;
      const broken = `let tasks = 0; const call = self.onmessage;
        self.onmessage = ({ data }) => {
          if (data.kind === "pairs" && tasks++ === 0) data = { ...data, kernel: "none" };
          call({ data });
        };`;
      return nodeWorkers.spawn(source + broken, events);
    };
    const chains = await open({ threads: 1, spawn });
    const loaded = await chains.load(small[0]!, "float64");
    await expect(chains.row(loaded, [loaded])).rejects.toThrow(
      /^Cannot compute in a worker of engine "wasm": TypeError: kernels\[kernel\] is not a function$/,
    );
    expect(values(await chains.row(loaded, [loaded]))).toEqual([diagonal(small[0]!, small[0]!)]);
    expect(started).toBe(1);
  });
});
