import { describe, expect, test } from "vitest";
import type { Network, NetworkSeries } from "../../../src/model/index.ts";
import {
  similarity,
  similarityMatrix,
  sliceMatrices,
  weightCosine,
  weightCosineMatrix,
} from "../../../src/similarity/index.ts";
import { countingEngine } from "../../support/counting-engine.ts";
import { layer } from "../../support/networks.ts";
import { equal, networks, numbersOf, sameSize, series } from "../../support/series.ts";

describe("similarityMatrix(series)", () => {
  test("holds the similarity of every pair, and every norm", async () => {
    const found = await similarityMatrix(networks);
    expect(found.shape).toEqual([7, 7]);
    for (const [i, a] of networks.entries()) {
      for (const [j, b] of networks.entries()) {
        const pair = await similarity(a, b);
        expect(Math.abs(found.data[7 * i + j]! - pair.value)).toBeLessThan(1e-15);
        expect(found.norms[i]).toBe(pair.norms[0]);
      }
    }
  });

  test("is symmetric to the last bit, with a computed diagonal within rounding of 1", async () => {
    const { data } = await similarityMatrix(networks);
    for (let i = 0; i < 7; i++) {
      expect(Math.abs(data[8 * i]! - 1)).toBeLessThanOrEqual(2 ** -52);
      for (let j = 0; j < 7; j++) expect(data[7 * i + j]).toBe(data[7 * j + i]);
    }
  });

  test("has 0 on the diagonal of a zero network: it is computed", async () => {
    const zero: Network = { layers: [layer([3, 1, 2], [0, 0, 0], [0, 0, 0], [0, 0])] };
    const { data, norms } = await similarityMatrix([networks[0]!, zero]);
    expect([...data.slice(1)]).toEqual([0, 0, 0]);
    expect(norms[1]).toBe(0);
  });

  test("says what it is", async () => {
    const found = await similarityMatrix(series(), { slice: 1, engine: "reference" });
    expect(found).toMatchObject({
      steps: [0, 100, 200, 300, 400, 500, 600],
      labels: ["step_0", "step_100", "step_200", "step_300", "step_400", "step_500", "step_600"],
      metric: "symmetric",
      exact: true,
      precision: "float64",
      engine: { name: "reference" },
      slice: 1,
      undefinedAt: [],
      pairs: 28,
    });
    expect(found.seconds).toBeGreaterThan(0);
    expect(await similarityMatrix(networks)).not.toHaveProperty("steps");
  });

  test("reads each network once when all fit", async () => {
    const read: number[] = [];
    await similarityMatrix(series(read));
    expect(read).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  // All seven are 1792 bytes.
  test.for([1, 512, 600, 1000, 1535, 1791])(
    "is the same to the last bit within %i bytes, and stays within them",
    async (memory) => {
      const own = sameSize;
      const whole = await similarityMatrix(own, { engine: "reference" });
      const { engine, count } = countingEngine();
      const read: number[] = [];
      const found = await similarityMatrix(series(read, own), { engine, memory });
      expect(numbersOf(found)).toEqual(numbersOf(whole));
      expect(read.length).toBeGreaterThan(7);
      expect(count.held).toBe(0);
      expect(count.most).toBeLessThanOrEqual(Math.max(memory, 2 * 256));
    },
  );

  test("is the same to the last bit in blocks of networks of different sizes", async () => {
    const engine = "reference";
    const whole = await similarityMatrix(networks, { engine });
    // Of 256, 320, 384, 256, … bytes. In 1250 the first two stay and the third does not; then the fourth
    // would fit, but a block has no gaps.
    for (const memory of [1000, 1250, 1500]) {
      let last = 0;
      const progress = (done: number) => {
        last = done;
      };
      const found = await similarityMatrix(networks, { engine, memory, progress });
      expect(numbersOf(found)).toEqual(numbersOf(whole));
      expect(last).toBe(28);
    }
  });

  test("reports progress from 0 to all pairs, whatever the memory", async () => {
    for (const memory of [undefined, 1000]) {
      const told: number[] = [];
      const totals = new Set<number>();
      const progress = (done: number, total: number) => {
        told.push(done);
        totals.add(total);
      };
      await similarityMatrix(series(), { engine: countingEngine().engine, memory, progress });
      expect([told[0], told.at(-1)]).toEqual([0, 28]);
      expect(totals).toEqual(new Set([28]));
      expect(told).toEqual([...told].sort((x, y) => x - y));
    }
  });

  test("stops soon after an abort, with its reason, and releases everything", async () => {
    for (const memory of [undefined, 1000]) {
      const controller = new AbortController();
      const reason = new Error("Stopped by the reader");
      const { engine, count } = countingEngine(() => {
        if (count.rows === 3) controller.abort(reason);
      });
      const { signal } = controller;
      await expect(similarityMatrix(networks, { engine, signal, memory })).rejects.toBe(reason);
      expect(count.rows).toBe(3);
      expect(count.held).toBe(0);
    }
  });

  test("has several rows under way, and is the same whichever is done first", async () => {
    const whole = await similarityMatrix(networks, { engine: "reference" });
    for (const memory of [undefined, 1000]) {
      let [under, most, turns] = [0, 0, 0];
      const { engine, count } = countingEngine(async () => {
        under++;
        most = Math.max(most, under);
        // Later rows before earlier ones.
        for (let wait = 4 * (turns++ % 3); wait > 0; wait--) await new Promise(setImmediate);
        under--;
      });
      const found = await similarityMatrix(series(), { engine, memory });
      expect(numbersOf(found)).toEqual(numbersOf(whole));
      expect(most).toBeGreaterThan(1);
      expect(count.held).toBe(0);
    }
  });

  test("fails with the first row that fails, and releases everything once the others are done", async () => {
    const { engine, count } = countingEngine(async () => {
      const own = count.rows;
      await new Promise(setImmediate);
      if (own === 1) throw new Error("Out of memory in a worker");
    });
    await expect(similarityMatrix(networks, { engine })).rejects.toThrow(
      "Out of memory in a worker",
    );
    expect(count.held).toBe(0);
    expect(count.rows).toBeLessThan(7);
  });

  test("releases everything when a network cannot be read", async () => {
    const { engine, count } = countingEngine();
    const broken: NetworkSeries = {
      length: 3,
      network: (index) =>
        index < 2 ? networks[index]! : Promise.reject(new Error("Disk is gone")),
    };
    await expect(similarityMatrix(broken, { engine })).rejects.toThrow("Disk is gone");
    expect(count.held).toBe(0);
  });

  test("lets the event loop turn while it works", async () => {
    const slow = countingEngine(() => {
      const start = performance.now();
      while (performance.now() - start < 10);
    });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    try {
      await similarityMatrix(networks, { engine: slow.engine });
    } finally {
      clearInterval(timer);
    }
    // 7 rows of 10 ms, and a breath at most every 25 ms.
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test("has NaN in the row and column of an undefined slice, and names the network", async () => {
    const faint = (size: number): Network => ({
      layers: [layer([2, 2, 2], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, size])],
    });
    const found = await similarityMatrix([faint(1), faint(1e-9), faint(2)], { slice: 1 });
    const undefinedRow = [Number.NaN, Number.NaN, Number.NaN];
    expect([...found.data]).toEqual([1, Number.NaN, 1, ...undefinedRow, 1, Number.NaN, 1]);
    expect(found.undefinedAt).toEqual([1]);
    const whole = await similarityMatrix([faint(1), faint(1e-9), faint(2)]);
    expect(whole.undefinedAt).toEqual([]);
  });
});

test("sliceMatrices(series) holds the similarity matrix of each slice, to the last bit", async () => {
  const found = await sliceMatrices(series());
  expect(found.shape).toEqual([2, 7, 7]);
  expect(found.steps).toEqual(series().steps);
  for (const slice of [0, 1]) {
    const one = await similarityMatrix(networks, { slice });
    expect(found.data.slice(49 * slice, 49 * (slice + 1))).toEqual(one.data);
    expect(found.norms.slice(7 * slice, 7 * (slice + 1))).toEqual(one.norms);
  }
});

test("weightCosineMatrix(series) holds the weight cosine of every pair", async () => {
  const found = await weightCosineMatrix(series([], equal));
  expect(found.shape).toEqual([4, 4]);
  expect(found).toMatchObject({ metric: "weight cosine", pairs: 10, steps: [0, 100, 200, 300] });
  for (const [i, a] of equal.entries()) {
    for (const [j, b] of equal.entries()) {
      expect(found.data[4 * i + j]).toBe((await weightCosine(a, b)).value);
    }
  }
  const inBlocks = await weightCosineMatrix(series([], equal), { memory: 1 });
  expect(numbersOf(inBlocks)).toEqual(numbersOf(found));
});
