import { availableParallelism } from "node:os";
import type { Engine, EngineInfo, Matrix } from "../../tensor/index.ts";
import { matrix, numbers } from "../../tensor/index.ts";
import type { EngineOptions } from "../choice.ts";
import { loadPackage } from "../node/package.ts";
import { productOf } from "../product.ts";
import { OnnxChains } from "./chains.ts";
import { OnnxForms } from "./forms.ts";
import { gemmGraph } from "./graphs.ts";
import { OnnxPrograms } from "./program/programs.ts";
import { RemoteRunner } from "./remote.ts";
import { type OnnxRuntime, Runner } from "./runtime.ts";

/** Operations of the largest product the calling thread waits for. */
const longest = 2e9;

/**
 * ONNX Runtime on the processor, through the optional package onnxruntime-node: a fused graph for each
 * step of a chain, for as many pairs at once as stay in the cache, and one for a program and many tasks.
 * Chains, quadratic forms, programs and large products are computed from a worker, which is sent a copy of
 * them; an abort is heard at once, and the machine is free after the run it is at. Small products stand
 * in the way of the calling thread, for some milliseconds. The last digits vary with the machine and the
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
  const remote = new RemoteRunner(Math.max(1, threads));
  const info: EngineInfo = {
    name: "onnx",
    precisions: ["float64", "float32"],
    threads: Math.max(1, threads),
    deterministic: false,
  };
  return {
    info,
    async gemm(a, b, options = {}) {
      const { rows, inner, columns, precision } = productOf(info, a, b, options);
      const { transposeA = false, transposeB = false } = options;
      const graph = gemmGraph(precision, transposeA, transposeB);
      if (2 * rows * inner * columns > longest) {
        const copy = ({ shape, data }: Matrix) => ({ shape, data: data.slice() });
        const data = await remote.run(graph, { a: copy(a), b: copy(b) }, [rows, columns]);
        return matrix(rows, columns, data);
      }
      const product = matrix(rows, columns, numbers(rows * columns, precision));
      await runner.run(graph, { a, b }, product);
      return product;
    },
    chains: new OnnxChains(remote),
    forms: new OnnxForms(remote),
    programs: new OnnxPrograms(info, remote),
    async dispose() {
      await Promise.all([runner.dispose(), remote.dispose()]);
    },
  };
}

function loadRuntime(): OnnxRuntime {
  return loadPackage("onnx", "onnxruntime-node");
}
