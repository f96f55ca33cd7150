import type {
  Chain,
  ChainOperation,
  ChainOptions,
  ChainRow,
  Engine,
  LoadedChain,
  Matrix,
  Precision,
} from "../../tensor/index.ts";
import { matrix, numbers, precisionOf } from "../../tensor/index.ts";
import { Pause } from "../pause.ts";
import { requirePrecision } from "../product.ts";
import { normalise, putBack } from "./exponent.ts";
import { HeldChain, requireRow } from "./held.ts";
import { stepsOf } from "./steps.ts";
import { type StepWeights, weightsOf } from "./weights.ts";

const composed = new WeakMap<Engine, ChainOperation>();

/**
 * The chain operation of an engine: its own fused one, or one composed of its `gemm`, which runs a pair
 * at a time with the elementwise steps and the reductions (in float64) in plain loops.
 */
export function chainsOf(engine: Engine): ChainOperation {
  if (engine.chains) return engine.chains;
  const chains = composed.get(engine) ?? new ComposedChains(engine);
  composed.set(engine, chains);
  return chains;
}

type Weights = readonly StepWeights[];

class ComposedChains implements ChainOperation {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async load(chain: Chain, precision: Precision): Promise<LoadedChain> {
    requirePrecision(this.#engine.info, precision);
    const steps = stepsOf(chain);
    const content = weightsOf(chain, precision);
    const bytes = content
      .flatMap(({ left, right, down }) => [left, right, down])
      .reduce((sum, weight) => sum + (weight?.data.byteLength ?? 0), 0);
    return new HeldChain<Weights>({
      engine: this.#engine.info.name,
      owner: this,
      precision,
      steps,
      bytes,
      content,
    });
  }

  async row(
    a: LoadedChain,
    bs: readonly LoadedChain[],
    { symmetrise = true, signal }: ChainOptions = {},
  ): Promise<ChainRow> {
    const row = requireRow<Weights>(a, bs, this, this.#engine.info.name);
    const outputs = row.a.steps.at(-1)!.outputs;
    const slices = new Float64Array(bs.length * outputs);
    const exponents = new Int32Array(bs.length);
    const pause = new Pause(signal);
    for (const [k, b] of row.bs.entries()) {
      await pause.here();
      const own = slices.subarray(k * outputs, (k + 1) * outputs);
      exponents[k] = await this.#pair(row.a.content, b.content, symmetrise, own);
    }
    return { slices, exponents };
  }

  /** Writes the diagonal of the last metric of one pair; returns the exponent of two left outside. */
  async #pair(a: Weights, b: Weights, symmetrise: boolean, slices: Float64Array): Promise<number> {
    const gemm = this.#engine.gemm.bind(this.#engine);
    const timesTransposed = (x: Matrix, y: Matrix) => gemm(x, y, { transposeB: true });
    // G, [outputs of a, outputs of b] of the step before; the identity, never formed, at first.
    let metric: Matrix | undefined;
    let exponent = 0;
    for (const [i, s] of a.entries()) {
      const t = b[i]!;
      const through = async (weight: Matrix) => (metric ? await gemm(weight, metric) : weight);
      let half: Matrix;
      let other: Matrix;
      if (s.right && s.down && t.right && t.down) {
        const left = await through(s.left);
        const right = await through(s.right);
        const straight = [
          await timesTransposed(left, t.left),
          await timesTransposed(right, t.right),
        ];
        const crossed = symmetrise
          ? [await timesTransposed(left, t.right), await timesTransposed(right, t.left)]
          : straight;
        half = await gemm(s.down, meanOfProducts(straight, crossed));
        other = t.down;
        exponent *= 2;
      } else {
        half = await through(s.left);
        other = t.left;
      }
      exponent += s.exponent + t.exponent;
      if (i === a.length - 1) {
        rowDots(half, other, slices);
      } else {
        metric = await timesTransposed(half, other);
        exponent += normalise(metric.data);
      }
    }
    return putBack(slices, exponent);
  }
}

/** ½ (x₀ ⊙ x₁ + y₀ ⊙ y₁). */
function meanOfProducts(x: readonly Matrix[], y: readonly Matrix[]): Matrix {
  const [x0, x1, y0, y1] = [x[0]!.data, x[1]!.data, y[0]!.data, y[1]!.data];
  const mean = numbers(x0.length, precisionOf(x0));
  for (let i = 0; i < mean.length; i++) mean[i] = 0.5 * (x0[i]! * x1[i]! + y0[i]! * y1[i]!);
  return matrix(...x[0]!.shape, mean);
}

/** dots[i] = Σ_k x[i, k]·y[i, k], summed in float64. */
function rowDots(x: Matrix, y: Matrix, dots: Float64Array): void {
  const columns = x.shape[1];
  for (let i = 0; i < dots.length; i++) {
    let dot = 0;
    for (let k = i * columns; k < (i + 1) * columns; k++) dot += x.data[k]! * y.data[k]!;
    dots[i] = dot;
  }
}
