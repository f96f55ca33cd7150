import type { EngineInfo, Precision } from "../../tensor/index.ts";

/** How fast an engine computes. */
export interface Rates {
  /** Operations a second in large products, all threads together. */
  readonly product: number;
  /** The same in a single call of `gemm`, which some engines run on the calling thread. */
  readonly gemm: number;
  /** Seconds a call takes before it computes. */
  readonly call: number;
}

/** Rates a thread, in float64. float32 is twice as fast. */
const perThread: Readonly<Record<string, Rates>> = {
  wasm: { product: 28e9, gemm: 27e9, call: 5e-5 },
  onnx: { product: 82e9, gemm: 60e9, call: 3e-5 },
  tfjs: { product: 10e9, gemm: 10e9, call: 1e-3 },
  reference: { product: 0.8e9, gemm: 0.8e9, call: 1e-6 },
};

/**
 * What an engine does on a machine of our time, from its name, threads and precision alone. All decisions
 * that could move the last digits of a result are taken from these: the same networks and options give
 * the same route, so the same bits, however busy the machine is. What is measured only predicts seconds.
 */
export function nominalRates(
  { name, threads }: Pick<EngineInfo, "name" | "threads">,
  precision: Precision,
): Rates {
  const { product, gemm, call } = perThread[name] ?? perThread["reference"]!;
  const width = precision === "float64" ? 1 : 2;
  // A call of gemm of the wasm engine has the calling thread alone.
  const multipliers = name === "onnx" ? threads : 1;
  return { product: product * threads * width, gemm: gemm * multipliers * width, call };
}
