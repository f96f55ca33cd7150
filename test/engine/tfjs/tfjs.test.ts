import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { expect, test } from "vitest";
import { chainsOf, type Tf, tfjsEngine } from "../../../src/engine/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { chainSuite } from "../support/chain-suite.ts";
import { gemmSuite } from "../support/gemm-suite.ts";

// Without this it advises to install another package.
tf.env().set("IS_TEST", true);
const engine = tfjsEngine(tf as unknown as Tf);

gemmSuite(() => engine, ["float32"]);
chainSuite(async () => chainsOf(await engine), ["float32"]);

test("the engine says what it is", async () => {
  expect((await engine).info).toEqual({
    name: "tfjs",
    precisions: ["float32"],
    threads: 1,
    deterministic: false,
  });
});

test("no tensor is left behind, also when a product fails", async () => {
  const { gemm } = await engine;
  const before = tf.memory().numTensors;
  const ones = matrix(2, 2, Float32Array.of(1, 1, 1, 1));
  await gemm(ones, ones, { transposeA: true, transposeB: true });
  await expect(gemm(ones, matrix(3, 1, new Float32Array(3)))).rejects.toThrow("Cannot multiply");
  expect(tf.memory().numTensors).toBe(before);
});
