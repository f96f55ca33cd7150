import { type Engine, matrix, numbers, type Precision } from "../../tensor/index.ts";
import { nominalRates, type Rates } from "./rates.ts";

const measured = new WeakMap<object, Map<Precision, Promise<Rates>>>();

/** Milliseconds that measuring may take. */
const most = 50;

/**
 * The rates of this engine on this machine now, measured once for an engine and precision within
 * 50 ms: products of two sizes tell what a call costs and what a large one reaches. Engines that cannot
 * be measured in that time keep their nominal rates.
 */
export function measuredRates(engine: Engine, precision: Precision): Promise<Rates> {
  // The shared engine is wrapped anew each time it is opened; its info is not.
  const known = measured.get(engine.info) ?? new Map<Precision, Promise<Rates>>();
  measured.set(engine.info, known);
  const rates = known.get(precision) ?? measure(engine, precision);
  known.set(precision, rates);
  return rates;
}

async function measure(engine: Engine, precision: Precision): Promise<Rates> {
  const nominal = nominalRates(engine.info, precision);
  const end = performance.now() + most;
  const small = await fastest(engine, 16, precision, end);
  // Large enough for what is copied not to count beside what is multiplied.
  const size = nominal.gemm > 50e9 ? 640 : nominal.gemm > 5e9 ? 320 : 64;
  const large = await fastest(engine, size, precision, end);
  if (small === undefined || large === undefined) return nominal;
  const gemm = (2 * size ** 3) / large;
  // Rows run on all threads, which gemm need not: they are as much faster or slower than they should be.
  return { product: nominal.product * (gemm / nominal.gemm), gemm, call: Math.max(small, 1e-6) };
}

/** Seconds of the fastest product of this size, after one that only warms up; undefined without time. */
async function fastest(
  engine: Engine,
  size: number,
  precision: Precision,
  end: number,
): Promise<number | undefined> {
  const data = numbers(size * size, precision);
  for (let i = 0; i < data.length; i++) data[i] = (i % 7) - 3;
  const x = matrix(size, size, data);
  const since = performance.now();
  await engine.gemm(x, x, { transposeB: true });
  const first = performance.now() - since;
  let best: number | undefined;
  for (let runs = 0; runs < 3 && performance.now() + first < end; runs++) {
    const start = performance.now();
    await engine.gemm(x, x, { transposeB: true });
    const seconds = (performance.now() - start) / 1000;
    best = best === undefined ? seconds : Math.min(best, seconds);
  }
  return best;
}
