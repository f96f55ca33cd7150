import type {
  Chain,
  Engine,
  FormOperation,
  FormOptions,
  FormProducts,
  LoadedChain,
  Matrix,
  Numbers,
  Precision,
} from "../../tensor/index.ts";
import { matrix, numbers, precisionOf } from "../../tensor/index.ts";
import { putBack } from "../chain/exponent.ts";
import { HeldChain } from "../chain/held.ts";
import { type StepWeights, weightsOf } from "../chain/weights.ts";
import { Pause } from "../pause.ts";
import { requirePrecision } from "../product.ts";
import { formStep, requireForms } from "./checked.ts";

const composed = new WeakMap<Engine, FormOperation>();

/**
 * The form operation of an engine: its own fused one, or one composed of its `gemm`, output by output: the
 * forms of all chains by a product each, their inner products by one more.
 */
export function formsOf(engine: Engine): FormOperation {
  if (engine.forms) return engine.forms;
  const forms = composed.get(engine) ?? new ComposedForms(engine);
  composed.set(engine, forms);
  return forms;
}

class ComposedForms implements FormOperation {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async load(chain: Chain, precision: Precision): Promise<LoadedChain> {
    requirePrecision(this.#engine.info, precision);
    const { sizes } = formStep(chain);
    const [content] = weightsOf(chain, precision);
    const { left, right, down } = content!;
    return new HeldChain<StepWeights>({
      engine: this.#engine.info.name,
      owner: this,
      precision,
      steps: [sizes],
      bytes: left.data.byteLength + right!.data.byteLength + down!.data.byteLength,
      content: content!,
    });
  }

  async products(
    chains: readonly LoadedChain[],
    { signal, progress }: FormOptions = {},
  ): Promise<FormProducts> {
    const held = requireForms<StepWeights>(chains, this, this.#engine.info.name);
    const outputs = held[0]?.steps[0]?.outputs ?? 0;
    const count = held.length;
    const pairs = (count * (count + 1)) / 2;
    const slices = new Float64Array(pairs * outputs);
    const pause = new Pause(signal);
    for (let o = 0; o < outputs; o++) {
      const rows: Numbers[] = [];
      for (const { content } of held) {
        await pause.here();
        rows.push(features(await this.#form(content, o)));
      }
      const all = stacked(rows);
      const { data } = await this.#engine.gemm(all, all, { transposeB: true });
      for (let i = 0, pair = 0; i < count; i++) {
        for (let j = 0; j <= i; j++, pair++) {
          slices[pair * outputs + o] = 0.5 * data[i * count + j]!;
        }
      }
      progress?.((o + 1) / outputs);
    }
    const exponents = new Int32Array(pairs);
    for (let i = 0, pair = 0; i < count; i++) {
      for (let j = 0; j <= i; j++, pair++) {
        const own = slices.subarray(pair * outputs, (pair + 1) * outputs);
        exponents[pair] = putBack(own, held[i]!.content.exponent + held[j]!.content.exponent);
      }
    }
    return { slices, exponents };
  }

  /** Lᵀ diag(D_o) R, [inputs, inputs]. */
  #form({ left, right, down }: StepWeights, o: number): Promise<Matrix> {
    const [hidden, inputs] = left.shape;
    const weighted = numbers(hidden * inputs, precisionOf(left.data));
    for (let h = 0; h < hidden; h++) {
      const factor = down!.data[o * hidden + h]!;
      for (let i = h * inputs; i < (h + 1) * inputs; i++) weighted[i] = factor * left.data[i]!;
    }
    return this.#engine.gemm(matrix(hidden, inputs, weighted), right!, { transposeA: true });
  }
}

/**
 * Numbers F of a form A so that Σ F F′ = 2 Σ S S′ with S = ½ (A + Aᵀ): 2 S_ij for i < j, and S_ii twice. No
 * root is taken, so whole numbers stay exact.
 */
function features({ shape: [size], data }: Matrix): Numbers {
  const list = numbers((size * (size + 1)) / 2 + size, precisionOf(data));
  let at = 0;
  for (let i = 0; i < size; i++) {
    list[at++] = data[i * size + i]!;
    list[at++] = data[i * size + i]!;
    for (let j = i + 1; j < size; j++) list[at++] = data[i * size + j]! + data[j * size + i]!;
  }
  return list;
}

function stacked(rows: readonly Numbers[]): Matrix {
  const columns = rows[0]!.length;
  const all = numbers(rows.length * columns, precisionOf(rows[0]!));
  for (const [i, row] of rows.entries()) all.set(row, i * columns);
  return matrix(rows.length, columns, all);
}
