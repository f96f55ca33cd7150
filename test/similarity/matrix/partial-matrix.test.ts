import { expect, test } from "vitest";
import { type Network, type NetworkSeries, randomBilinear } from "../../../src/model/index.ts";
import {
  completePart,
  growingMatrix,
  type PartialMatrix,
  SimilarityCache,
  type SimilarityMatrix,
  similarityMatrix,
} from "../../../src/similarity/index.ts";
import { countingEngine } from "../../support/counting-engine.ts";

const count = 19;
const networks: readonly Network[] = Array.from({ length: count }, (_, seed) =>
  randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed }),
);
const series: NetworkSeries = {
  length: count,
  steps: networks.map((_, i) => 100 * i),
  labels: networks.map((_, i) => `step_${100 * i}`),
  network: (index) => networks[index]!,
};
const whole = await similarityMatrix(series, { engine: "reference" });
const numbersOf = ({ data, norms }: SimilarityMatrix) => ({ data, norms });

/** The stages, by hand. */
const stages = [
  [0, 16, 18],
  [0, 8, 16, 18],
  [0, 4, 8, 12, 16, 18],
  [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
  networks.map((_, i) => i),
];

/** Every stage that is delivered once, and the result. */
async function grown(options: object): Promise<[Map<string, PartialMatrix>, SimilarityMatrix]> {
  const found = new Map<string, PartialMatrix>();
  const partial = (matrix: PartialMatrix) => found.set(matrix.complete.join(" "), matrix);
  const result = await similarityMatrix(series, { engine: "reference", ...options, partial });
  return [found, result];
}

test.for([
  { why: "all fit", options: {} },
  { why: "few fit", options: { memory: 1200 } },
  { why: "two fit", options: { memory: 1 } },
  { why: "workers compute them", options: { engine: "wasm" } },
  { why: "results are kept", options: { cache: new SimilarityCache() } },
])("the matrix grows coarse to fine when $why, to the same last bit", async ({ options }) => {
  const [found, result] = await grown(options);
  expect(numbersOf(result)).toEqual(
    "engine" in options
      ? numbersOf(await similarityMatrix(series, options as object))
      : numbersOf(whole),
  );
  expect(result.computed).toBe(190);
  expect([...found.keys()].filter((key) => key !== "")).toEqual(
    stages.slice(0, -1).map((stage) => stage.join(" ")),
  );
  for (const stage of stages.slice(0, -1)) {
    const { data, norms } = found.get(stage.join(" "))!;
    for (const i of stage) {
      expect(norms[i]).toBe(result.norms[i]);
      for (const j of stage) expect(data[i * count + j]).toBe(result.data[i * count + j]);
    }
  }
  const [first] = found.values();
  // The first stage alone: 3 · 3 entries, and nothing else.
  if (first!.complete.length === 3) {
    expect(first!.data.filter((entry) => !Number.isNaN(entry))).toHaveLength(9);
    expect(first!.norms.filter((entry) => !Number.isNaN(entry))).toHaveLength(3);
  }
});

test("each network is read once, and each pair computed once", async () => {
  const { engine, count: counted } = countingEngine();
  await grown({ engine });
  expect(counted).toMatchObject({ loads: count, pairs: 190, held: 0 });
});

test("completePart(matrix) is the matrix of what is complete, with its labels", async () => {
  const [found] = await grown({});
  const part = completePart(found.get("0 8 16 18")!);
  const alone = await similarityMatrix(
    [0, 8, 16, 18].map((i) => networks[i]!),
    { engine: "reference" },
  );
  expect(numbersOf(part)).toEqual(numbersOf(alone));
  expect(part).toMatchObject({ shape: [4, 4], steps: [0, 800, 1600, 1800] });
  expect(part.labels).toEqual(["step_0", "step_800", "step_1600", "step_1800"]);
  expect(part).not.toHaveProperty("complete");
});

test("growingMatrix(series) gives each matrix that is there when it is asked, the whole one last", async () => {
  const found: PartialMatrix[] = [];
  for await (const matrix of growingMatrix(series, { engine: "reference" })) {
    found.push(matrix);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const last = found.at(-1)!;
  expect(numbersOf(last)).toEqual(numbersOf(whole));
  expect(last.complete).toEqual(stages.at(-1));
  const sizes = found.map(({ complete }) => complete.length);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
});

test("who asks for no more matrices stops the computation", async () => {
  const { engine, count: counted } = countingEngine(
    () => new Promise<void>((resolve) => setTimeout(resolve, 1)),
  );
  for await (const matrix of growingMatrix(series, { engine })) {
    if (matrix.complete.length >= 3) break;
  }
  // What was under way is done, and nothing follows.
  await expect.poll(() => counted.held).toBe(0);
  const { pairs } = counted;
  expect(pairs).toBeLessThan(190);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(counted.pairs).toBe(pairs);
});

test("growingMatrix(series) fails as the matrix does, and with the caller's reason", async () => {
  const next = (options: object) => growingMatrix(series, options).next();
  await expect(next({ memory: 0 })).rejects.toThrow("Cannot use a memory budget");
  const reason = new Error("Not now");
  await expect(next({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.for([1, 2, 3])("a matrix of %i networks grows as well", async (n) => {
  const own = networks.slice(0, n);
  const all: PartialMatrix[] = [];
  for await (const matrix of growingMatrix(own, { engine: "reference" })) all.push(matrix);
  expect(numbersOf(all.at(-1)!)).toEqual(
    numbersOf(await similarityMatrix(own, { engine: "reference" })),
  );
});
