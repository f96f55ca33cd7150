import type {
  Chain,
  FormOperation,
  FormOptions,
  FormProducts,
  LoadedChain,
  Matrix,
  Numbers,
  Precision,
} from "../../tensor/index.ts";
import { numbers } from "../../tensor/index.ts";
import { exponentOf, largest, putBack, scale } from "../chain/exponent.ts";
import { HeldChain } from "../chain/held.ts";
import { formStep, requireForms } from "../forms/checked.ts";
import { Pause } from "../pause.ts";
import { blockGraph, columnsGraph } from "./form-graphs.ts";
import { gemmGraph } from "./graphs.ts";
import type { Runner } from "./runtime.ts";

/** A bilinear step whose sides lie column by column, a power of two taken out of each weight. */
interface Columns {
  /** [inputs, hidden] */
  readonly left: Numbers;
  readonly right: Numbers;
  /** [outputs, hidden] */
  readonly down: Numbers;
  readonly exponent: number;
}

/** Bytes of the blocks of all networks that are held at a time. */
const held = 2 ** 27;
/** Rows of a block: enough for products to be fast, few enough that little is computed twice. */
const fewest = 16;
const most = 128;

/**
 * Quadratic forms block by block: blocks on the diagonal as they are, those beside it counted twice, so
 * that only half of a symmetric form is computed. A run is one block of one network.
 */
export class OnnxForms implements FormOperation {
  readonly #runner: Runner;
  readonly #graphs: Readonly<Record<Precision, ReturnType<typeof graphsOf>>> = {
    float64: graphsOf("float64"),
    float32: graphsOf("float32"),
  };

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  async load(chain: Chain, precision: Precision): Promise<LoadedChain> {
    const { step, sizes } = formStep(chain);
    const left = await this.#columns(step.left, precision);
    const right = await this.#columns(step.right, precision);
    const exponent = exponentOf(largest(step.down.data));
    const down = numbers(step.down.data.length, precision);
    scale(step.down.data, -exponent, down);
    return new HeldChain<Columns>({
      engine: "onnx",
      owner: this,
      precision,
      steps: [sizes],
      bytes: left.data.byteLength + right.data.byteLength + down.byteLength,
      content: {
        left: left.data,
        right: right.data,
        down,
        exponent: left.exponent + right.exponent + exponent,
      },
    });
  }

  async products(
    chains: readonly LoadedChain[],
    { signal, progress }: FormOptions = {},
  ): Promise<FormProducts> {
    const all = requireForms<Columns>(chains, this, "onnx");
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
    const { inputs, outputs } = steps[0]!;
    const count = all.length;
    const sums = new Float64Array(outputs * count * count);
    const blocks = blocksOf(inputs, count * inputs * (precision === "float64" ? 8 : 4));
    const largestBlock = Math.max(...blocks.map((block) => block.rows * block.columns));
    const features = numbers(count * largestBlock, precision);
    const gram = numbers(count * count, precision);
    const pause = new Pause(signal);
    const whole = blocks.reduce((sum, { rows, columns }) => sum + rows * columns, 0) * outputs;
    let done = 0;
    for (const { row, rows, column, columns, weight } of blocks) {
      const size = rows * columns;
      for (let o = 0; o < outputs; o++) {
        for (const [m, { content, steps: own }] of all.entries()) {
          await pause.here();
          const { hidden } = own[0]!;
          const part = (side: Numbers, from: number, length: number) => ({
            data: side.subarray(from * hidden, (from + length) * hidden),
            shape: [length, hidden],
          });
          const operands = {
            rowLeft: part(content.left, row, rows),
            rowRight: part(content.right, row, rows),
            left: part(content.left, column, columns),
            right: part(content.right, column, columns),
            down: part(content.down, o, 1),
          };
          const data = features.subarray(m * size, (m + 1) * size);
          const { block } = this.#graphs[precision];
          await this.#runner.run(block, operands, { data, shape: [rows, columns] });
        }
        await pause.here();
        const own = { data: features.subarray(0, count * size), shape: [count, size] };
        const output = { data: gram, shape: [count, count] };
        await this.#runner.run(this.#graphs[precision].gram, { a: own, b: own }, output);
        const start = o * count * count;
        for (let k = 0; k < gram.length; k++) sums[start + k]! += weight * gram[k]!;
        done += size;
        progress?.(done / whole);
      }
    }
    return sums;
  }

  /** A side column by column, and the exponent taken out of it. */
  async #columns(
    { shape: [hidden, inputs], data }: Matrix,
    precision: Precision,
  ): Promise<{ readonly data: Numbers; readonly exponent: number }> {
    const exponent = exponentOf(largest(data));
    const columns = numbers(data.length, precision);
    // What the runtime cannot read as it is, or scale by a number of the format, is copied first.
    const readable = data.constructor === columns.constructor && data.buffer instanceof ArrayBuffer;
    const apart = !readable || Math.abs(exponent) > (precision === "float64" ? 1000 : 100);
    const side = apart ? numbers(data.length, precision) : data;
    if (apart) scale(data, -exponent, side);
    const factor = numbers(1, precision).fill(apart ? 1 : 2 ** -exponent);
    await this.#runner.run(
      this.#graphs[precision].columns,
      { side: { data: side, shape: [hidden, inputs] }, scale: { data: factor, shape: [1] } },
      { data: columns, shape: [inputs, hidden] },
    );
    return { data: columns, exponent };
  }
}

function graphsOf(precision: Precision) {
  return {
    columns: columnsGraph(precision),
    block: blockGraph(precision),
    gram: gemmGraph(precision, false, true),
  };
}

interface Block {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  /** How often its products count: beside the diagonal also for those below it. */
  readonly weight: number;
}

/** The blocks on and beside the diagonal. `line` are the bytes of one row of the forms of all networks. */
function blocksOf(inputs: number, line: number): readonly Block[] {
  const rows = Math.max(fewest, Math.min(most, Math.floor(held / line)));
  const edge = Math.ceil(inputs / Math.ceil(inputs / rows));
  const blocks: Block[] = [];
  for (let row = 0; row < inputs; row += edge) {
    const end = Math.min(row + edge, inputs);
    blocks.push({ row, rows: end - row, column: row, columns: end - row, weight: 1 });
    if (end === inputs) break;
    blocks.push({ row, rows: end - row, column: end, columns: inputs - end, weight: 2 });
  }
  return blocks;
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
