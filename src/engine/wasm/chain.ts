import type { Chain, Matrix, Precision } from "../../tensor/index.ts";
import { exponentOf, largest } from "../chain/exponent.ts";
import type { StepSizes } from "../chain/steps.ts";
import { pack, packedBytes } from "./packed.ts";
import type { Fill } from "./store.ts";

/** Bytes before the first step, and of a step: `HEAD` and `STEP` in assembly/chain.ts. */
const head = 8;
const stepBytes = 32;

/** A chain as it lies in the kernels' memory: how many steps, the steps, then their packed weights. */
export interface PackedChain {
  readonly bytes: number;
  /** Writes it for address `at`. */
  readonly fill: (at: number) => Fill;
}

/** Lays out a chain in `precision`, a power of two taken out of each matrix. */
export function packedChain(
  chain: Chain,
  sizes: readonly StepSizes[],
  precision: Precision,
): PackedChain {
  let bytes = align(head + stepBytes * sizes.length);
  const steps = chain.steps.map((step, i) => {
    const weights = step.kind === "linear" ? [step.weight] : [step.left, step.right, step.down];
    const placed = weights.map((weight) => {
      const offset = bytes;
      bytes = align(bytes + packedBytes(weight.shape[0], weight.shape[1], precision));
      return { weight, offset, exponent: exponentOf(largest(weight.data)) };
    });
    return { sizes: sizes[i]!, weights: placed };
  });
  const fill =
    (at: number): Fill =>
    (buffer, offset) => {
      new Uint32Array(buffer, offset, 1)[0] = steps.length;
      steps.forEach(({ sizes, weights }, i) => {
        const words = new Int32Array(buffer, offset + head + i * stepBytes, stepBytes / 4);
        const addresses = [0, 1, 2].map((w) => (weights[w] ? at + weights[w].offset : 0));
        const exponent = weights.reduce((sum, { exponent }) => sum + exponent, 0);
        const { kind, inputs, hidden, outputs } = sizes;
        words.set([kind === "linear" ? 0 : 1, inputs, hidden, outputs, ...addresses, exponent]);
        for (const { weight, offset: from, exponent } of weights) {
          pack(weight, -exponent, target(buffer, offset + from, weight, precision));
        }
      });
    };
  return { bytes, fill };
}

function target(buffer: ArrayBufferLike, at: number, { shape }: Matrix, precision: Precision) {
  const bytes = packedBytes(shape[0], shape[1], precision);
  return precision === "float64"
    ? new Float64Array(buffer, at, bytes / 8)
    : new Float32Array(buffer, at, bytes / 4);
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
