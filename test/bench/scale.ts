import {
  type Engine,
  growingMatrix,
  type Network,
  randomBilinear,
  SimilarityCache,
  similarityMatrix,
} from "../../src/index.node.ts";
import { fastest } from "./support/gemm-peak.ts";
import { opened } from "./support/opened-engine.ts";
import { modularAddition, peerSeries } from "./support/weights.ts";

export const name =
  "scale: one checkpoint more, the first picture, an abort, and whether the caller still answers";

const small: readonly Network[] = peerSeries({ ...modularAddition, count: 101 }).map((weights) => ({
  layers: [{ kind: "bilinear", ...weights }],
}));

/** Three layers of 256 units on wires of 128, 784 inputs and 10 outputs. */
function deep(seed: number): Network {
  const sizes = [
    [784, 128],
    [128, 128],
    [128, 10],
  ] as const;
  return {
    layers: sizes.map(
      ([dIn, dOut], k) =>
        randomBilinear({ dIn, dHidden: 256, dOut, seed: 3 * seed + k }).layers[0]!,
    ),
  };
}

/** One pair of these takes seconds. */
const large: readonly Network[] = [0, 1].map((seed) =>
  randomBilinear({ dIn: 2000, dHidden: 2000, dOut: 10, seed }),
);

export async function run(print: (line: string) => void): Promise<void> {
  const layers = Array.from({ length: 100 }, (_, seed) => deep(seed));
  for (const engineName of ["wasm", "onnx"] as const) {
    const engine = await opened(engineName, print);
    if (!engine) continue;
    print(`${engineName}, ${engine.info.threads} threads`);
    await oneMore(engine, print);
    await firstPicture(engine, layers, print);
    await aborts(engine, layers, print);
    await gaps(engine, layers, print);
    await engine.dispose();
  }
}

/** A matrix of 100 that is remembered, again, of another output, and of 101. */
async function oneMore(engine: Engine, print: (line: string) => void): Promise<void> {
  const hundred = small.slice(0, 100);
  const plain = await fastest(3, () => similarityMatrix(hundred, { engine, cache: null }));
  let cache = new SimilarityCache();
  const first = await fastest(2, () => {
    cache.clear();
    cache = new SimilarityCache();
    return similarityMatrix(hundred, { engine, cache });
  });
  const again = await fastest(3, () => similarityMatrix(hundred, { engine, cache, slice: 7 }));
  const start = performance.now();
  const { computed } = await similarityMatrix(small, { engine, cache });
  const more = performance.now() - start;
  cache.clear();
  print(`  100 checkpoints ${ms(plain)}, and remembered ${percent(first, plain)} of that`);
  print(`  one output of them, again ${percent(again, plain)}`);
  print(`  the 101st: ${computed} pairs, ${percent(more, plain)} (2 % of the pairs)`);
}

async function firstPicture(
  engine: Engine,
  networks: readonly Network[],
  print: (line: string) => void,
): Promise<void> {
  const start = performance.now();
  const times = new Map<number, number>();
  for await (const { complete } of growingMatrix(networks, { engine, cache: null })) {
    if (!times.has(complete.length)) times.set(complete.length, performance.now() - start);
    if (complete.length >= 9) break;
  }
  times.delete(0);
  const steps = Array.from(times, ([count, time]) => `${count} after ${ms(time)}`);
  print(`  ${networks.length} of three layers, coarse to fine: ${steps.join(", ")}`);
}

/** From the abort to the rejection. */
async function aborts(
  engine: Engine,
  networks: readonly Network[],
  print: (line: string) => void,
): Promise<void> {
  for (const [what, series, after] of [
    ["a matrix", networks, 700],
    ["a pair that takes seconds", large, 1500],
  ] as const) {
    const controller = new AbortController();
    let since = Number.NaN;
    setTimeout(() => {
      since = performance.now();
      controller.abort();
    }, after);
    const { signal } = controller;
    const over = await similarityMatrix(series, { engine, signal, cache: null }).catch(() => true);
    const took = over === true ? ms(performance.now() - since) : "not needed: it was done";
    print(`  abort in the midst of ${what}: ${took}`);
  }
}

/** The longest that the caller's own timers wait while a matrix is computed. */
async function gaps(
  engine: Engine,
  networks: readonly Network[],
  print: (line: string) => void,
): Promise<void> {
  for (const [what, series] of [
    ["one layer", small],
    ["three layers", networks.slice(0, 12)],
    ["8 million weights", large],
  ] as const) {
    let [last, longest] = [performance.now(), 0];
    const clock = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    await similarityMatrix(series, { engine, cache: null });
    clearInterval(clock);
    longest = Math.max(longest, performance.now() - last);
    print(`  longest wait of the caller's timers, ${series.length} of ${what}: ${ms(longest)}`);
  }
}

function ms(time: number): string {
  return `${time.toFixed(time < 10 ? 1 : 0)} ms`;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
