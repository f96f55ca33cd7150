import type {
  Chain,
  FormOperation,
  FormOptions,
  FormProducts,
  LoadedChain,
  Precision,
} from "../../tensor/index.ts";
import { putBack } from "../chain/exponent.ts";
import { HeldChain } from "../chain/held.ts";
import type { StepSizes } from "../chain/steps.ts";
import { formStep, requireForms } from "../forms/checked.ts";
import { Calls, type Pieces } from "./calls.ts";
import { FormSweep } from "./form-sweep.ts";
import type { PackedForm } from "./packed-form.ts";
import type { Pool } from "./pool.ts";
import type { DirectStore } from "./store.ts";

/** Chains copied before the first of them has to be packed: what is copied takes room twice. */
const ahead = 4;

/** Quadratic forms in a memory that all workers see: chains are packed by them too. */
export class WasmForms implements FormOperation {
  readonly #store: DirectStore;
  readonly #pool: Pool;
  readonly #packing: Promise<unknown>[] = [];

  constructor(store: DirectStore, pool: Pool) {
    this.#store = store;
    this.#pool = pool;
  }

  async load(chain: Chain, precision: Precision): Promise<LoadedChain> {
    const { step, sizes } = formStep(chain);
    const { inputs, hidden, outputs } = sizes;
    const weights = [step.left.data, step.right.data, step.down.data];
    const entries = weights.reduce((sum, { length }) => sum + length, 0);
    const side = align(packedBytes(inputs, precision) * hidden);
    const bytes = 2 * side + align(outputs * hidden * (precision === "float64" ? 8 : 4));
    while (this.#packing.length >= ahead) await this.#packing.shift();
    const at = this.#store.take(bytes, "a chain");
    let raw: number;
    try {
      raw = this.#store.take(entries * 8, "a chain");
    } catch (error) {
      this.#store.give(at);
      throw error;
    }
    this.#store.fill(raw, entries * 8, (buffer, offset) => {
      const target = new Float64Array(buffer, offset, entries);
      let from = 0;
      for (const weight of weights) {
        target.set(weight, from);
        from += weight.length;
      }
    });
    const [left, right, down] = [at, at + side, at + 2 * side];
    const packing = this.#packed(precision === "float64" ? "packStep64" : "packStep32", [
      raw,
      inputs,
      hidden,
      outputs,
      left,
      right,
      down,
    ]);
    const over = packing.ended.then(() => this.#store.give(raw));
    this.#packing.push(over);
    return new HeldChain<PackedForm>({
      engine: "wasm",
      owner: this,
      precision,
      steps: [sizes satisfies StepSizes],
      bytes,
      content: { left, right, down, exponent: packing.exponent },
      free: () => void over.then(() => this.#store.give(at)),
    });
  }

  async products(
    chains: readonly LoadedChain[],
    { signal, progress }: FormOptions = {},
  ): Promise<FormProducts> {
    const held = requireForms<PackedForm>(chains, this, "wasm");
    signal?.throwIfAborted();
    const [first] = held;
    if (!first) return { slices: new Float64Array(), exponents: new Int32Array() };
    for (const chain of held) chain.enter();
    const leave = () => {
      for (const chain of held) chain.leave();
    };
    const sweep = new FormSweep(held, this.#store, this.#pool, leave);
    const drop = () => sweep.drop(signal?.reason);
    signal?.addEventListener("abort", drop, { once: true });
    try {
      const grams = await sweep.run(progress);
      return await unscaled(grams, held, first.steps[0]!.outputs);
    } finally {
      signal?.removeEventListener("abort", drop);
    }
  }

  #packed(kernel: Pieces["kernel"], parameters: readonly number[]) {
    const calls = new Calls({ kernel, count: 1, room: 0, calls: () => [parameters] }, this.#store);
    this.#pool.add(calls);
    const exponent = calls.done.then(([results]) => results![0]!);
    // It is awaited where the chain is used, if it is.
    exponent.catch(() => {});
    return { exponent, ended: calls.ended };
  }
}

/** Bytes of a hidden unit of a side packed by columns, an even number of panels. */
function packedBytes(inputs: number, precision: Precision): number {
  return Math.ceil(inputs / (precision === "float64" ? 8 : 16)) * 64;
}

function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** Inner products from the sums of products of features, [outputs, all, all], all ≥ networks. */
async function unscaled(
  { data, all }: { readonly data: Float64Array; readonly all: number },
  held: readonly HeldChain<PackedForm>[],
  outputs: number,
): Promise<FormProducts> {
  const taken = await Promise.all(held.map(({ content }) => content.exponent));
  const pairs = (held.length * (held.length + 1)) / 2;
  const slices = new Float64Array(pairs * outputs);
  const exponents = new Int32Array(pairs);
  for (let i = 0, pair = 0; i < held.length; i++) {
    for (let j = 0; j <= i; j++, pair++) {
      const own = slices.subarray(pair * outputs, (pair + 1) * outputs);
      for (let o = 0; o < outputs; o++) own[o] = 0.5 * data[(o * all + j) * all + i]!;
      exponents[pair] = putBack(own, taken[i]! + taken[j]!);
    }
  }
  return { slices, exponents };
}
