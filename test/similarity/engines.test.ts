import "../../src/engine/node/index.ts";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine, type Tf, tfjsEngine } from "../../src/engine/index.ts";
import { randomBilinear } from "../../src/model/index.ts";
import { innerProduct, similarityMatrix } from "../../src/similarity/index.ts";
import type { Engine, Precision } from "../../src/tensor/index.ts";
import { expectAllClose } from "../support/vectors.ts";

// Without this it advises to install another package.
tf.env().set("IS_TEST", true);

const engines: { name: string; open: () => Promise<Engine>; precisions: Precision[] }[] = [
  { name: "reference", open: () => openEngine("reference"), precisions: ["float64", "float32"] },
  {
    name: "wasm",
    open: () => openEngine("wasm", { threads: 2 }),
    precisions: ["float64", "float32"],
  },
  { name: "onnx", open: () => openEngine("onnx"), precisions: ["float64", "float32"] },
  { name: "tfjs", open: () => tfjsEngine(tf as unknown as Tf), precisions: ["float32"] },
];

describe.for(engines)("engine $name", ({ open, precisions }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.dispose());

  test("takes the precision it has when none is asked for", async () => {
    const network = randomBilinear({ dIn: 3, dHidden: 2, dOut: 2 });
    const { precision } = await innerProduct(network, network, { engine });
    expect(precision).toBe(precisions[0]);
  });

  test("gives the same matrix in blocks, and 1 on the diagonal", async () => {
    const series = Array.from({ length: 6 }, (_, seed) =>
      randomBilinear({ dIn: 5, dHidden: 7, dOut: 3, seed }),
    );
    const options = { engine, precision: precisions[0]! };
    const whole = await similarityMatrix(series, options);
    const blocks = await similarityMatrix(series, { ...options, memory: 1 });
    if (engine.info.deterministic) expect(blocks.data).toEqual(whole.data);
    else expectAllClose(blocks.data, whole.data, precisions[0] === "float64" ? 1e-14 : 1e-6);
    for (let i = 0; i < 6; i++) expect(Math.abs(whole.data[7 * i]! - 1)).toBeLessThan(3e-16);
  });
});
