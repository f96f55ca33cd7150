import * as simile from "../../src/index.ts";
import { type Check, type Vectors, vectorChecks } from "../support/vector-checks.ts";

/** What a page asks of its worker, and a test of Node. */
export interface Task {
  readonly vectors: Vectors;
  readonly threads: number;
}

export interface Answer {
  readonly isolated: boolean;
  readonly checks: readonly Check[];
  /** Similarity matrices by name, entry by entry. */
  readonly matrices: Readonly<Record<string, readonly number[]>>;
}

const { matrix, Random, randomBilinear, similarityMatrix, wasmEngine } = simile;

/** The numbers of the library on the engine that runs everywhere. */
export async function answer({ vectors, threads }: Task): Promise<Answer> {
  const engine = await wasmEngine({ threads });
  try {
    const layers = Array.from({ length: 9 }, (_, seed) =>
      randomBilinear({ dIn: 37, dHidden: 24, dOut: 11, seed }),
    );
    const stacks = Array.from({ length: 7 }, (_, seed) => deep(seed));
    const matrices = {
      symmetric: await similarityMatrix(layers, { engine }),
      recursion: await similarityMatrix(stacks, { engine, metric: "recursion" }),
      float32: await similarityMatrix(layers, { engine, precision: "float32" }),
      blocks: await similarityMatrix(layers, { engine, memory: 1 }),
    };
    return {
      isolated: globalThis.crossOriginIsolated ?? false,
      checks: await vectorChecks(vectors, engine, "float64"),
      matrices: Object.fromEntries(
        Object.entries(matrices).map(([name, { data }]) => [name, [...data]]),
      ),
    };
  } finally {
    await engine.dispose();
  }
}

/** Three bilinear layers with biases and a residual after an input map. */
function deep(seed: number): simile.Network {
  const random = new Random(1000 + seed);
  const numbers = (length: number, scale = 1) =>
    Float64Array.from({ length }, () => scale * random.normal());
  const table = (rows: number, columns: number) =>
    matrix(rows, columns, numbers(rows * columns, 1 / Math.sqrt(columns)));
  const bilinear = (settings: Partial<simile.BilinearLayer>): simile.BilinearLayer => ({
    kind: "bilinear",
    left: table(18, 13),
    right: table(18, 13),
    down: table(13, 18),
    leftBias: numbers(18, 0.3),
    rightBias: numbers(18, 0.3),
    downBias: numbers(13, 0.3),
    ...settings,
  });
  return {
    layers: [
      { kind: "linear", weight: table(13, 29) },
      bilinear({ residual: 0.5, gain: 0.5 }),
      bilinear({ residual: 1, gain: 0.35 }),
      bilinear({}),
    ],
  };
}
