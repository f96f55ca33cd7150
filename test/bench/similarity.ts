import {
  type Engine,
  type EngineName,
  type Network,
  openEngine,
  type Precision,
  randomBilinear,
  similarityMatrix,
  sliceMatrices,
  weightCosineMatrix,
} from "../../src/index.node.ts";

export const name =
  "similarity: 90 checkpoints of modular addition, every pair (226 → bilinear 64 → 113)";

const count = 90;
const [dIn, dHidden, dOut] = [226, 64, 113];
/** Floating-point operations of the definition: four Gram matrices, and DᵀD, for each pair. */
const flops =
  ((count * (count + 1)) / 2) * (8 * dHidden * dHidden * dIn + 2 * dHidden * dHidden * dOut);

export async function run(print: (line: string) => void): Promise<void> {
  const networks = Array.from({ length: count }, (_, seed) =>
    randomBilinear({ dIn, dHidden, dOut, seed }),
  );
  for (const engineName of ["wasm", "onnx", "tfjs"] as const) {
    const engine = await opened(engineName, print);
    if (!engine) continue;
    try {
      for (const precision of engine.info.precisions)
        await compare(networks, engine, precision, print);
    } finally {
      await engine.dispose();
    }
  }
  const reference = await openEngine("reference");
  const few = networks.slice(0, 10);
  const { seconds } = await similarityMatrix(few, { engine: reference });
  const all = seconds * ((count * (count + 1)) / (10 * 11));
  print(
    `reference float64        ${all.toFixed(2).padStart(7)} s   extrapolated from 10 checkpoints`,
  );
  const weights = await fastest(async () => (await weightCosineMatrix(networks)).seconds);
  print(`weight cosine            ${weights.toFixed(3).padStart(7)} s`);
}

async function compare(
  networks: readonly Network[],
  engine: Engine,
  precision: Precision,
  print: (line: string) => void,
): Promise<void> {
  const options = { engine, precision };
  const label = `${engine.info.name} ${precision}, ${engine.info.threads} threads`.padEnd(24);
  const whole = await fastest(async () => (await similarityMatrix(networks, options)).seconds);
  const rate = flops / whole / 1e9;
  print(`${label} ${whole.toFixed(3).padStart(7)} s   ${rate.toFixed(1)} GF/s`);
  const slices = await fastest(async () => (await sliceMatrices(networks, options)).seconds);
  print(`${"".padEnd(24)} ${slices.toFixed(3).padStart(7)} s   with all ${dOut} slices`);
  const third = { ...options, memory: (networks.length / 3) * 8 * dHidden * (2 * dIn + dOut) };
  const blocks = await fastest(async () => (await similarityMatrix(networks, third)).seconds);
  print(`${"".padEnd(24)} ${blocks.toFixed(3).padStart(7)} s   in memory for a third of them`);
}

/** The least of three runs, after one that is not counted. */
async function fastest(measure: () => Promise<number>): Promise<number> {
  await measure();
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 3; k++) least = Math.min(least, await measure());
  return least;
}

async function opened(
  engineName: EngineName,
  print: (line: string) => void,
): Promise<Engine | undefined> {
  try {
    return await openEngine(engineName);
  } catch (error) {
    print(`${engineName} skipped: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
