import { openEngine } from "../../src/engine/index.ts";
import { modularAddition, train } from "../../src/training/index.ts";

export const name = "training: steps of the grokking network (p 113, 64 hidden, batch 512)";

/** Floating point operations in the three matrix products of one step. */
const work = 2 * 3 * 512 * 64 * 113;

/** Milliseconds a step, the best of three runs after one to warm up. */
async function stepTime(
  engineName: "wasm" | "reference",
  precision: "float64" | "float32",
  steps: number,
): Promise<number> {
  const engine = await openEngine(engineName, { threads: 0 });
  const options = { task: modularAddition(113), engine, precision, steps, seed: 1, schedule: [] };
  await train(options);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    await train(options);
    best = Math.min(best, (performance.now() - started) / steps);
  }
  await engine.dispose();
  return best;
}

export async function run(print: (line: string) => void): Promise<void> {
  const baseline = await stepTime("reference", "float64", 50);
  print(`reference float64   ${baseline.toFixed(2)} ms a step (baseline)`);
  for (const precision of ["float64", "float32"] as const) {
    const time = await stepTime("wasm", precision, 1000);
    const ratio = (baseline / time).toFixed(1);
    const share = (work / time / 1e6).toFixed(1);
    print(
      `wasm      ${precision}   ${time.toFixed(2)} ms a step, ${ratio} times the baseline; ${share} GF/s over the whole step`,
    );
  }
}
