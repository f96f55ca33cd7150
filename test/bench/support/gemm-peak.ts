import type { Engine, Precision } from "../../../src/tensor/index.ts";
import { matrix, numbers } from "../../../src/tensor/index.ts";

function drawn(rows: number, columns: number, precision: Precision) {
  const data = numbers(rows * columns, precision);
  for (let i = 0; i < data.length; i++) data[i] = ((i * 7) % 11) / 11 - 0.5;
  return matrix(rows, columns, data);
}

/** Milliseconds of the fastest of some calls, after one that does not count. */
export async function fastest(calls: number, call: () => Promise<unknown>): Promise<number> {
  await call();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < calls; i++) {
    const since = performance.now();
    await call();
    best = Math.min(best, performance.now() - since);
  }
  return best;
}

/**
 * The most an engine multiplies, in 10⁹ operations a second on all its threads: the better of `gemm` and
 * of products in the rows of a chain, which some engines spread over threads where `gemm` has one.
 */
export async function gemmPeak(engine: Engine, precision: Precision): Promise<number> {
  const reference = engine.info.name === "reference" || engine.info.name === "tfjs";
  const size = reference ? 128 : 512;
  const x = drawn(size, size, precision);
  const rates = [
    (2 * size ** 3) / (await fastest(20, () => engine.gemm(x, x, { transposeB: true }))),
  ];
  if (engine.chains) {
    const chains = engine.chains;
    const steps = [x, x].map((weight) => ({ kind: "linear", weight }) as const);
    const loaded = await chains.load({ steps }, precision);
    const pairs = Array(2 * engine.info.threads).fill(loaded);
    const row = await fastest(5, () => chains.row(loaded, pairs));
    rates.push((pairs.length * 4 * size ** 3) / row);
    loaded.release();
  }
  return Math.max(...rates) / 1e6;
}

/** Seconds of processor time that this process, all threads, has taken so far. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * As {@link gemmPeak}, in 10⁹ operations a second of processor time: what is left when others keep the
 * machine busy, where seconds on the wall say more about them.
 */
export async function gemmProcessorRate(engine: Engine, precision: Precision): Promise<number> {
  const size = 512;
  const x = drawn(size, size, precision);
  const steps = [x, x].map((weight) => ({ kind: "linear", weight }) as const);
  const loaded = await engine.chains?.load({ steps }, precision);
  const pairs = loaded && Array(8).fill(loaded);
  let best = 0;
  for (let round = 0; round < 4; round++) {
    const since = processorSeconds();
    let flops = 0;
    // Processor time is told in steps of some milliseconds.
    while (processorSeconds() - since < 0.15) {
      if (loaded && engine.info.name === "wasm") {
        await engine.chains!.row(loaded, pairs!);
        flops += pairs!.length * 4 * size ** 3;
      } else {
        await engine.gemm(x, x, { transposeB: true });
        flops += 2 * size ** 3;
      }
    }
    best = Math.max(best, flops / (processorSeconds() - since) / 1e9);
  }
  loaded?.release();
  return best;
}
