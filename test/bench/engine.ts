import "../../src/engine/node/index.ts";
import { chainsOf, type EngineName, openEngine } from "../../src/engine/index.ts";
import type { Chain, Engine, Precision } from "../../src/tensor/index.ts";
import { fastest, gemmPeak } from "./support/gemm-peak.ts";
import { modularAddition, peerSeries } from "./support/weights.ts";

const { count, hidden, inputs, outputs } = modularAddition;

export const name = `engines: every pair of ${count} one-layer networks (h ${hidden}, d ${inputs}, c ${outputs}), in rows`;

/** Operations of the whole matrix: four products of the hidden units and one with the outputs a pair. */
const operations =
  ((count * (count + 1)) / 2) * (8 * hidden ** 2 * inputs + 2 * hidden ** 2 * outputs);
const repeats = 5;

/** The sum of the cosine matrix of `series`, its rows computed two at a time. */
async function cosineSum(engine: Engine, series: readonly Chain[], precision: Precision) {
  const chains = chainsOf(engine);
  const loaded = await Promise.all(series.map((chain) => chains.load(chain, precision)));
  const size = series.length;
  const inner = new Float64Array(size * size);
  const rows = loaded.entries();
  const lane = async () => {
    for (const [i, a] of rows) {
      const { slices } = await chains.row(a, loaded.slice(i));
      for (let j = i; j < size; j++) {
        let sum = 0;
        for (let o = 0; o < outputs; o++) sum += slices[(j - i) * outputs + o]!;
        inner[i * size + j] = sum;
        inner[j * size + i] = sum;
      }
    }
  };
  await Promise.all([lane(), lane()]);
  for (const chain of loaded) chain.release();
  const norms = loaded.map((_, i) => Math.sqrt(inner[i * size + i]!));
  return inner.reduce(
    (sum, x, k) => sum + x / (norms[Math.floor(k / size)]! * norms[k % size]!),
    0,
  );
}

const configurations: readonly [EngineName, number | undefined][] = [
  ["wasm", 1],
  ["wasm", undefined],
  ["onnx", undefined],
];

/** Per engine and precision: seconds, operations a second, share of its own GEMM peak, checksum. */
export async function run(print: (line: string) => void): Promise<void> {
  const series = peerSeries(modularAddition).map(
    (weights): Chain => ({ steps: [{ kind: "bilinear", ...weights }] }),
  );
  for (const [engineName, threads] of configurations) {
    let engine: Engine;
    try {
      engine = await openEngine(engineName, threads === undefined ? {} : { threads });
    } catch (error) {
      print(`${engineName}: ${error instanceof Error ? error.message : error}`);
      continue;
    }
    for (const precision of engine.info.precisions) {
      // A machine that is shared slows down and recovers: the peak is taken before and after.
      const before = await gemmPeak(engine, precision);
      let sum = 0;
      const milliseconds = await fastest(repeats, async () => {
        sum = await cosineSum(engine, series, precision);
      });
      const peak = Math.max(before, await gemmPeak(engine, precision));
      const rate = operations / milliseconds / 1e6;
      print(
        `${engineName.padEnd(5)} ${precision} ${engine.info.threads} threads: ${(milliseconds / 1000).toFixed(3)} s, ` +
          `${rate.toFixed(1)} GF/s, ${((100 * rate) / peak).toFixed(0)} % of its GEMM peak ${peak.toFixed(1)} GF/s, ` +
          `sum of cosines ${sum}`,
      );
    }
    await engine.dispose();
  }
  const reference = await openEngine("reference");
  print(`reference float64 gemm: ${(await gemmPeak(reference, "float64")).toFixed(1)} GF/s`);
}
