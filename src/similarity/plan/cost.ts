import { chainFlops, type StepSizes } from "../../engine/index.ts";
import type { Precision } from "../../tensor/index.ts";

/** What a way to compute takes, in floating-point operations and bytes. */
export interface Cost {
  /** Operations for each network, once. */
  readonly network: number;
  /** Operations for each pair, a network with itself included. */
  readonly pair: number;
  /** Bytes that a network takes while it is held. */
  readonly held: number;
  /** Bytes of intermediate results, all threads together, whatever the number of networks. */
  readonly room: number;
}

function sizeOf(precision: Precision): number {
  return precision === "float64" ? 8 : 4;
}

/** Bytes of the weights of a chain. */
function weightBytes(steps: readonly StepSizes[], precision: Precision): number {
  const entries = steps.reduce(
    (sum, { kind, inputs, hidden, outputs }) =>
      sum + (kind === "linear" ? inputs * outputs : hidden * (2 * inputs + outputs)),
    0,
  );
  return entries * sizeOf(precision);
}

/**
 * The recursion pair by pair: 8 h² d + 2 h² c + 2 h c for one bilinear step of h units, d inputs and c
 * outputs (four Gram matrices, then D K and its row sums with D′).
 */
export function gramCost(
  steps: readonly StepSizes[],
  symmetrise: boolean,
  precision: Precision,
  threads: number,
): Cost {
  const widest = Math.max(
    ...steps.map(({ inputs, hidden, outputs }) => hidden || inputs + outputs),
  );
  return {
    network: 0,
    pair: chainFlops(steps, steps, symmetrise),
    held: weightBytes(steps, precision),
    room: 5 * widest ** 2 * sizeOf(precision) * threads,
  };
}
/** Entries of the symmetric d × d forms that are not the same as another: on and above the diagonal. */
export function formEntries(inputs: number): number {
  return (inputs * (inputs + 1)) / 2;
}

/** Rows of the blocks that engines without a kernel of their own multiply forms in, about. */
const blockRows = 112;

/**
 * One bilinear step through its quadratic forms, with P = d(d+1)/2 entries. In the kernels of the wasm
 * engine K[h] = l_h r_hᵀ + r_h l_hᵀ takes 3 h P operations and D K the other 2 c h P, once for each
 * network; a pair is a product of c P entries. Made of products of matrices, each output takes 4 h P and
 * a pair is computed both ways, and blocks on the diagonal as a whole.
 */
export function formsCost(
  { inputs, hidden, outputs }: StepSizes,
  precision: Precision,
  fused: boolean,
): Cost {
  const held = hidden * (2 * inputs + outputs) * sizeOf(precision);
  if (fused) {
    const entries = formEntries(inputs);
    return {
      network: hidden * entries * (2 * outputs + 3),
      pair: 2 * outputs * entries,
      held,
      room: 2 ** 26,
    };
  }
  const entries = (inputs * (inputs + Math.min(inputs, blockRows))) / 2;
  return {
    network: 4 * outputs * hidden * entries,
    pair: 4 * outputs * entries,
    held,
    room: 2 ** 27,
  };
}
