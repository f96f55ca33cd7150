import type {
  Chain,
  FormOperation,
  FormOptions,
  FormProducts,
  LoadedChain,
  Matrix,
  Precision,
} from "../../tensor/index.ts";
import { numbers } from "../../tensor/index.ts";
import { exponentOf, largest, putBack, scale } from "../chain/exponent.ts";
import { HeldChain } from "../chain/held.ts";
import { formStep, requireForms } from "../forms/checked.ts";
import { inOrder } from "./ahead.ts";
import { type Block, formTiling, weightsOf } from "./form-blocks.ts";
import { blockGraph, columnsGraph, featureGraph } from "./form-graphs.ts";
import { gemmGraph } from "./graphs.ts";
import type { Graph } from "./model.ts";
import type { RemoteRunner } from "./remote.ts";
import type { RemoteOperand } from "./worker.ts";

/** A bilinear step in a store: left and right [inputs, hidden], then down [outputs, hidden]. */
interface Columns {
  readonly store: number;
  /** Exponent of two taken out of all three. */
  readonly exponent: number;
  /** When the store is written. */
  readonly ready: Promise<unknown>;
}

/** Bytes of the blocks of all networks that are held at a time. */
const held = 2 ** 27;

/** Chains on their way to the worker at one time. */
const loading = 4;

/** Runs asked for ahead of their answers. */
const ahead = 8;

/**
 * Quadratic forms block by block, some outputs at a time, in a worker that keeps weights and forms: only
 * entries on and above the diagonal are computed. A run is one block of one network.
 */
export class OnnxForms implements FormOperation {
  readonly #runner: RemoteRunner;
  /** Graphs by what they are of. */
  readonly #graphs = new Map<string, Graph>();
  readonly #loading: Promise<unknown>[] = [];

  constructor(runner: RemoteRunner) {
    this.#runner = runner;
  }

  async load(chain: Chain, precision: Precision): Promise<LoadedChain> {
    const { step, sizes } = formStep(chain);
    const { inputs, hidden, outputs } = sizes;
    while (this.#loading.length >= loading) await this.#loading.shift();
    const side = inputs * hidden;
    const length = 2 * side + outputs * hidden;
    const store = this.#runner.store(precision, length);
    const columns = this.#graph("columns", precision, columnsGraph);
    let exponent = 0;
    const turned = [step.left, step.right].map((matrix, k) => {
      const data = numbers(side, precision);
      exponent += scaled(matrix, data);
      const operand = { side: { data, shape: matrix.shape } };
      const into = { store, from: k * side, length: side, stride: side };
      return this.#runner.runInto(columns, operand, [inputs, hidden], into);
    });
    const down = numbers(outputs * hidden, precision);
    exponent += scaled(step.down, down);
    this.#runner.write(store, 2 * side, down);
    const ready = Promise.all(turned);
    // It is awaited where the chain is used, if it is.
    this.#loading.push(ready.catch(() => {}));
    return new HeldChain<Columns>({
      engine: "onnx",
      owner: this,
      precision,
      steps: [sizes],
      bytes: length * (precision === "float64" ? 8 : 4),
      content: { store, exponent, ready },
      free: () => this.#runner.drop(store),
    });
  }

  async products(
    chains: readonly LoadedChain[],
    { signal, progress }: FormOptions = {},
  ): Promise<FormProducts> {
    const all = requireForms<Columns>(chains, this, "onnx");
    signal?.throwIfAborted();
    const [first] = all;
    if (!first) return { slices: new Float64Array(), exponents: new Int32Array() };
    const { outputs } = first.steps[0]!;
    for (const chain of all) chain.enter();
    try {
      const sums = await this.#sums(all, signal, progress);
      return unscaled(sums, all, outputs);
    } finally {
      for (const chain of all) chain.leave();
    }
  }

  /** Σ_ij (2 S_ij) (2 S′_ij) of every pair, [outputs, count, count]. */
  async #sums(
    all: readonly HeldChain<Columns>[],
    signal: AbortSignal | undefined,
    progress: FormOptions["progress"],
  ): Promise<Float64Array> {
    const { precision, steps } = all[0]!;
    const sizes = steps[0]!;
    const count = all.length;
    const sums = new Float64Array(sizes.outputs * count * count);
    const room = Math.floor(held / (precision === "float64" ? 8 : 4) / count);
    const { outputs, blocks } = formTiling(sizes, room);
    const entries = Math.max(...blocks.map((block) => block.rows * block.columns));
    await Promise.all(all.map(({ content }) => content.ready));
    const whole =
      blocks.reduce((sum, { rows, columns }) => sum + rows * columns, 0) * sizes.outputs;
    let done = 0;
    const add = (gram: ArrayLike<number>, weight: number, output: number, size: number) => {
      const start = output * count * count;
      for (let k = 0; k < gram.length; k++) sums[start + k]! += weight * gram[k]!;
      done += size;
      progress?.(done / whole);
    };
    const features = this.#runner.store(precision, outputs * count * entries);
    const runner = this.#runner;
    const build = (block: Block, first: number, some: number) =>
      all.map((network, m) => async () => {
        const size = block.rows * block.columns;
        const graph = this.#graph(`block ${network.steps[0]!.hidden}`, precision, (own) =>
          blockGraph(own, network.steps[0]!.hidden),
        );
        const shape = [some * block.rows, block.columns];
        const into = { store: features, from: m * size, length: size, stride: count * size };
        await runner.runInto(graph, partsOf(network, block, first, some), shape, into, signal);
      });
    const multiply = (block: Block, first: number, some: number) => {
      const size = block.rows * block.columns;
      const weights = weightsOf(block);
      return Array.from({ length: some }, (_, o) => async () => {
        const own: RemoteOperand = {
          store: features,
          from: o * count * size,
          length: count * size,
          shape: [count, size],
        };
        if (!weights) {
          const gram = this.#graph("gram", precision, (of) => gemmGraph(of, false, true));
          add(
            await runner.run(gram, { a: own, b: own }, [count, count], signal),
            2,
            first + o,
            size,
          );
          return;
        }
        const data = numbers(size, precision);
        data.set(weights);
        const graph = this.#graph("features", precision, featureGraph);
        const operands = { features: own, weights: { data, shape: [size] } };
        add(await runner.run(graph, operands, [count, count], signal), 1, first + o, size);
      });
    };
    function* runs() {
      for (let first = 0; first < sizes.outputs; first += outputs) {
        const some = Math.min(outputs, sizes.outputs - first);
        for (const block of blocks) {
          yield* build(block, first, some);
          yield* multiply(block, first, some);
        }
      }
    }
    try {
      await inOrder(runs(), ahead);
    } finally {
      runner.drop(features);
    }
    return sums;
  }

  #graph(name: string, precision: Precision, make: (precision: Precision) => Graph): Graph {
    const key = `${name} ${precision}`;
    const graph = this.#graphs.get(key) ?? make(precision);
    this.#graphs.set(key, graph);
    return graph;
  }
}

/** The weights that a block of some outputs of a network is made of. */
function partsOf(
  { content: { store }, steps }: HeldChain<Columns>,
  { row, rows, column, columns }: Block,
  first: number,
  some: number,
): Record<string, RemoteOperand> {
  const { inputs, hidden } = steps[0]!;
  const part = (side: number, from: number, length: number) => ({
    store,
    from: (side * inputs + from) * hidden,
    length: length * hidden,
    shape: [length, hidden],
  });
  return {
    rowLeft: part(0, row, rows),
    rowRight: part(1, row, rows),
    left: part(0, column, columns),
    right: part(1, column, columns),
    down: { ...part(2, first, some), shape: [some, 1, hidden] },
  };
}

/** Writes a weight without its power of two to `target`, and returns the exponent taken out. */
function scaled({ data }: Matrix, target: Parameters<typeof scale>[2]): number {
  const exponent = exponentOf(largest(data));
  scale(data, -exponent, target);
  return exponent;
}

function unscaled(
  sums: Float64Array,
  all: readonly HeldChain<Columns>[],
  outputs: number,
): FormProducts {
  const count = all.length;
  const pairs = (count * (count + 1)) / 2;
  const slices = new Float64Array(pairs * outputs);
  const exponents = new Int32Array(pairs);
  for (let i = 0, pair = 0; i < count; i++) {
    for (let j = 0; j <= i; j++, pair++) {
      const own = slices.subarray(pair * outputs, (pair + 1) * outputs);
      for (let o = 0; o < outputs; o++) own[o] = 0.25 * sums[(o * count + i) * count + j]!;
      exponents[pair] = putBack(own, all[i]!.content.exponent + all[j]!.content.exponent);
    }
  }
  return { slices, exponents };
}
