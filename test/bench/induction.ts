import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  openEngine,
  openSeries,
  type Settings,
  type SimilarityMatrix,
  similarityMatrix,
} from "../../src/index.node.ts";
import { gemmPeak } from "./support/gemm-peak.ts";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");
const folder = join(root, "..", "shared", "fixtures", "induction");

export const name =
  "induction: every pair of 31 checkpoints of two layers of attention by closure, in both settings";

const trained: Settings = {
  heads: 2,
  nContext: 8,
  mask: "causal",
  rotaryBase: 1000,
  residual: "additive",
  gain: 0.35,
};
const published: Settings = { ...trained, rotaryBase: 10_000, residual: "interpolation" };

export async function run(print: (line: string) => void): Promise<void> {
  if (!existsSync(folder)) return print("skipped: fixtures not present");
  const engine = await openEngine("wasm");
  const peak = await gemmPeak(engine, "float64");
  const found: SimilarityMatrix[] = [];
  for (const [label, settings] of Object.entries({ trained, published })) {
    const series = await openSeries(folder, { settings });
    const start = performance.now();
    const matrix = await similarityMatrix(series, { metric: "closure", engine });
    const seconds = (performance.now() - start) / 1000;
    const pairs = (series.length * (series.length + 1)) / 2;
    print(
      `${label.padEnd(10)} ${seconds.toFixed(1)} s, ${((1000 * seconds) / pairs).toFixed(0)} ms a pair, beside a GEMM peak of ${peak.toFixed(1)} GF/s`,
    );
    found.push(matrix);
  }
  await engine.dispose();
  const [a, b] = found;
  const largest = a!.data.reduce(
    (most, value, k) => Math.max(most, Math.abs(value - b!.data[k]!)),
    0,
  );
  print(`the settings differ by at most ${largest.toFixed(5)}`);
}
