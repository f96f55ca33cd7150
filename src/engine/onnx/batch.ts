import type { Numbers } from "../../tensor/index.ts";
import { numbers } from "../../tensor/index.ts";
import { normalise, putBack } from "../chain/exponent.ts";
import { stepGraph } from "./graphs.ts";
import type { Graph } from "./model.ts";
import { stayedInRange } from "./range.ts";
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

/** What a batch gives: [pair, output], and an exponent of two for each pair. */
export interface BatchProducts {
  readonly slices: Float64Array;
  readonly exponents: Int32Array;
}

/** The recursion of `a` with a batch in one run of `graph`; undefined when that left the range of the format. */
export async function computeAtOnce(
  runner: RemoteRunner,
  a: Place,
  { slab, slot, pairs }: Batch,
  graph: Graph,
  signal: AbortSignal | undefined,
): Promise<BatchProducts | undefined> {
  const { precision, steps } = slab;
  const count = pairs.length;
  const inputs: Record<string, RemoteOperand> = {};
  for (let i = 0; i < steps.length; i++) {
    for (const [name, own] of weightsOf(a, slab, slot, count, i, (name) => graph.inputs[i + name]!))
      inputs[i + name] = own;
  }
  const outputs = steps.at(-1)!.outputs;
  const slices = new Float64Array(await runner.run(graph, inputs, [count, outputs], signal));
  const exponents = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    const own = slices.subarray(k * outputs, (k + 1) * outputs);
    // Of one step there is nothing in between.
    if (steps.length > 1 && !stayedInRange(own, a.slab.steps, steps, precision)) return undefined;
    for (const [i, { kind }] of steps.entries()) {
      exponents[k] = exponents[k]! * (kind === "bilinear" ? 2 : 1) + taken(a, slab, slot + k, i);
    }
    exponents[k] = putBack(own, exponents[k]!);
  }
  return { slices, exponents };
}

/** The weights of step i of `a` and of a batch, by their names in the graph of the step. */
function weightsOf(
  a: Place,
  slab: Slab,
  slot: number,
  count: number,
  i: number,
  rank: (name: string) => number,
): readonly (readonly [name: string, operand: RemoteOperand])[] {
  const [own, stacks] = [a.slab.stacks[i]!, slab.stacks[i]!];
  return (["left", "right", "down"] as const).flatMap((name) => {
    const [x, y] = [own[name], stacks[name]];
    if (!x || !y) return [];
    const ofA = `a${name[0]!.toUpperCase()}${name.slice(1)}`;
    return [
      [ofA, operand(x, a.slot, 1, 2)],
      [name, operand(y, slot, count, rank(name))],
    ] as const;
  });
}

/** Exponents of two taken out of step i of `a` and of a chain of a slab. */
function taken(a: Place, slab: Slab, slot: number, i: number): number {
  const { length } = slab.steps;
  return a.slab.exponents[a.slot * length + i]! + slab.exponents[slot * length + i]!;
}

/**
 * The recursion of `a` with a batch, a graph for each step. Between steps the power of two is taken out
 * of each pair's metric, here, since a graph has no exact way to.
 */
export async function computeByStep(
  runner: RemoteRunner,
  a: Place,
  batch: Batch,
  symmetrise: boolean,
  signal: AbortSignal | undefined,
): Promise<BatchProducts> {
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
    const inputs: Record<string, RemoteOperand> = {
      ...Object.fromEntries(weightsOf(a, slab, slot, count, i, (name) => graph.inputs[name]!)),
      metric: { data: metric, shape: [count, t.inputs, s.inputs] },
    };
    const columns = s.outputs;
    const rows = place.last ? 1 : t.outputs;
    const shape = graph.output[1] === 3 ? [count, rows, columns] : [count * rows, columns];
    const data = await runner.run(graph, inputs, shape, signal);
    for (let k = 0; k < count; k++) {
      exponents[k] = exponents[k]! * (t.kind === "bilinear" ? 2 : 1) + taken(a, slab, slot + k, i);
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
