import type { Numbers } from "../../tensor/index.ts";
import { numbers } from "../../tensor/index.ts";
import { normalise, putBack } from "../chain/exponent.ts";
import { stepGraph } from "./graphs.ts";
import type { RemoteRunner } from "./remote.ts";
import type { Slab, Stack } from "./slab.ts";
import type { RemoteOperand } from "./worker.ts";

/** Where a chain is held. */
export interface Place {
  readonly slab: Slab;
  readonly slot: number;
}

/** Chains side by side in one slab, and which pairs of the row they make. */
export interface Batch {
  readonly slab: Slab;
  readonly slot: number;
  readonly pairs: readonly number[];
}

/** `count` chains of a stack from `slot` on: [count·rows, columns], or [count, rows, columns] in rank 3. */
function operand(
  { store, shape }: Stack,
  slot: number,
  count: number,
  rank: number,
): RemoteOperand {
  const [rows, columns] = shape;
  const size = rows * columns;
  return {
    store,
    from: slot * size,
    length: count * size,
    shape: rank === 3 ? [count, rows, columns] : [count * rows, columns],
  };
}

/**
 * The recursion of `a` with a batch, a graph for each step. Between steps the power of two is taken out
 * of each pair's metric, here, since a graph has no exact way to.
 */
export async function computeBatch(
  runner: RemoteRunner,
  a: Place,
  batch: Batch,
  symmetrise: boolean,
  signal: AbortSignal | undefined,
): Promise<{ readonly slices: Float64Array; readonly exponents: Int32Array }> {
  const { slab, slot } = batch;
  const { precision, steps } = slab;
  const count = batch.pairs.length;
  const exponents = new Int32Array(count);
  let metric: Numbers = numbers(0, precision);
  for (const [i, t] of steps.entries()) {
    signal?.throwIfAborted();
    const s = a.slab.steps[i]!;
    const place = { precision, symmetrise, first: i === 0, last: i === steps.length - 1 };
    const graph = stepGraph(s, t, place);
    const own = a.slab.stacks[i]!;
    const stacks = slab.stacks[i]!;
    const inputs: Record<string, RemoteOperand> = {
      metric: { data: metric, shape: [count, t.inputs, s.inputs] },
    };
    for (const name of ["left", "right", "down"] as const) {
      const [x, y] = [own[name], stacks[name]];
      if (!x || !y) continue;
      inputs[`a${name[0]!.toUpperCase()}${name.slice(1)}`] = operand(x, a.slot, 1, 2);
      inputs[name] = operand(y, slot, count, graph.inputs[name]!);
    }
    const columns = s.outputs;
    const rows = place.last ? 1 : t.outputs;
    const shape = graph.output[1] === 3 ? [count, rows, columns] : [count * rows, columns];
    const data = await runner.run(graph, inputs, shape, signal);
    for (let k = 0; k < count; k++) {
      const taken =
        a.slab.exponents[a.slot * steps.length + i]! +
        slab.exponents[(slot + k) * steps.length + i]!;
      exponents[k] = exponents[k]! * (t.kind === "bilinear" ? 2 : 1) + taken;
      if (place.last) continue;
      exponents[k]! += normalise(data.subarray(k * rows * columns, (k + 1) * rows * columns));
    }
    metric = data;
  }
  const slices = Float64Array.from(metric);
  const outputs = steps.at(-1)!.outputs;
  for (let k = 0; k < count; k++) {
    exponents[k] = putBack(slices.subarray(k * outputs, (k + 1) * outputs), exponents[k]!);
  }
  return { slices, exponents };
}
