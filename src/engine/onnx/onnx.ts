import { availableParallelism } from "node:os";
import type { Engine, EngineInfo } from "../../tensor/index.ts";
import { matrix, numbers } from "../../tensor/index.ts";
import type { EngineOptions } from "../choice.ts";
import { loadPackage } from "../node/package.ts";
import { productOf } from "../product.ts";
import { OnnxChains } from "./chains.ts";
import { gemmGraph } from "./graphs.ts";
import { OnnxPrograms } from "./program/programs.ts";
import { type OnnxRuntime, Runner } from "./runtime.ts";

/**
 * ONNX Runtime on the processor, through the optional package onnxruntime-node: a fused graph for each
 * step of a chain, for as many pairs at once as stay in the cache, and one for a program and many tasks. Its own threads compute, but the
 * calling thread waits for them: the event loop turns, and a signal is heard, between runs only, which
 * last some milliseconds each, or as long as one pair. The last digits vary with the machine and the
 * number of threads.
 *
 * @param load gives the package; replaced in tests
 * @throws {Error} when the package is not installed or does not load
 */
export async function onnxEngine(
  { threads = availableParallelism() }: EngineOptions = {},
  load: () => OnnxRuntime = loadRuntime,
): Promise<Engine> {
  const runner = new Runner(load(), Math.max(1, threads));
  const info: EngineInfo = {
    name: "onnx",
    precisions: ["float64", "float32"],
    threads: Math.max(1, threads),
    deterministic: false,
  };
  return {
    info,
    async gemm(a, b, options = {}) {
      const { rows, columns, precision } = productOf(info, a, b, options);
      const product = matrix(rows, columns, numbers(rows * columns, precision));
      const { transposeA = false, transposeB = false } = options;
      await runner.run(gemmGraph(precision, transposeA, transposeB), { a, b }, product);
      return product;
    },
    chains: new OnnxChains(runner),
    programs: new OnnxPrograms(info, runner),
    dispose: () => runner.dispose(),
  };
}

function loadRuntime(): OnnxRuntime {
  return loadPackage("onnx", "onnxruntime-node");
}
