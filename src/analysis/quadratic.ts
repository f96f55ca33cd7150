import type { StandardForm } from "../model/index.ts";
import { type Matrix, matrix, product, transpose } from "../tensor/index.ts";

/** The inner products whose squared norm can be split, see `Metric`. */
export type SplitMetric = "symmetric" | "padded" | "gaussian";

/** What the parts of degree 0, 1 and 2 count in each. */
const weights: Readonly<Record<SplitMetric, readonly [number, number, number]>> = {
  symmetric: [0, 0, 1],
  padded: [1, 1 / 2, 1],
  gaussian: [1, 1, 2],
};

/**
 * The squared norm of a quadratic network f_o(x) = p₀ + p₁·x + Σ_h S[o, h] (l_h·x)(r_h·x) with all its
 * parts:
 *
 *     ‖f‖² = w₀ |c|² + w₁ |p₁|² + w₂ Σ (SᵀS)⊙K,   K = ½ [(l lᵀ)⊙(r rᵀ) + (l rᵀ)⊙(r lᵀ)]
 *
 * with c = p₀, or in the Gaussian case the mean p₀ + Σ_h S[·, h] l_h·r_h.
 */
export class SquaredNorm {
  /** Of the constant, the linear and the quadratic part. */
  readonly terms: readonly [constant: number, linear: number, quadratic: number];
  /** [dOut] */
  readonly slices: Float64Array;
  /** [m]: ⟨hidden unit, f⟩, in the Gaussian case its mean included. */
  readonly units: Float64Array;
  /** What is in no hidden unit: the whole less the units. */
  readonly remainder: number;
  readonly #form: StandardForm;
  readonly #grams: Grams;
  readonly #weights: readonly [number, number, number];

  constructor(form: StandardForm, metric: SplitMetric) {
    const { constant, linear, left, right, down } = form;
    const [dOut, hidden] = down.shape;
    const dIn = left.shape[1];
    const [w0, w1, w2] = weights[metric];
    this.#form = form;
    this.#weights = [w0, w1, w2];
    this.#grams = gramsOf(left, right);
    const { ll, rr, lr, rl } = this.#grams;
    const kernel = mapped(
      ll,
      (entry, at) => (entry * rr.data[at]! + lr.data[at]! * rl.data[at]!) / 2,
    );
    const through = product(down, kernel);
    const traces = Float64Array.from({ length: hidden }, (_, h) => lr.data[h * hidden + h]!);
    const terms: [number, number, number] = [0, 0, 0];
    let remainder = 0;
    this.slices = new Float64Array(dOut);
    this.units = new Float64Array(hidden);
    for (let o = 0; o < dOut; o++) {
      let mean = constant[o]!;
      if (metric === "gaussian") {
        for (let h = 0; h < hidden; h++) mean += down.data[o * hidden + h]! * traces[h]!;
      }
      const flat = w0 * mean * mean;
      let [sloped, curved] = [0, 0];
      for (let i = 0; i < dIn; i++) sloped += w1 * linear.data[o * dIn + i]! ** 2;
      for (let h = 0; h < hidden; h++) {
        const at = o * hidden + h;
        const own = w2 * down.data[at]! * through.data[at]!;
        curved += own;
        this.units[h]! += own;
        if (metric === "gaussian") this.units[h]! += w0 * mean * down.data[at]! * traces[h]!;
      }
      remainder += w0 * mean * constant[o]! + sloped;
      terms[0] += flat;
      terms[1] += sloped;
      terms[2] += curved;
      this.slices[o] = flat + sloped + curved;
    }
    this.terms = terms;
    this.remainder = remainder;
  }

  get value(): number {
    const [constant, linear, quadratic] = this.terms;
    return constant + linear + quadratic;
  }

  /**
   * M [dIn, dIn] = w₁ Σ_o p₁ p₁ᵀ + w₂ Σ_o Q_o²: vᵀ M v is the share of a unit direction v of the inputs, and the
   * trace the whole but for the constant part. Q_o is the symmetric matrix of output o, never built:
   *
   *     Σ_o Q_o² = ¼ [ lᵀ(W⊙rl) r + lᵀ(W⊙rr) l + rᵀ(W⊙ll) r + rᵀ(W⊙lr) l ],   W = SᵀS
   */
  inputForm(): Matrix {
    const { left, right, down, linear } = this.#form;
    const { ll, rr, lr, rl } = this.#grams;
    const [, w1, w2] = this.#weights;
    const both = product(transpose(down), down);
    const between = (gram: Matrix): Matrix => mapped(gram, (entry, at) => entry * both.data[at]!);
    const [byLeft, byRight] = [transpose(left), transpose(right)];
    const parts = [
      product(byLeft, product(between(rl), right)),
      product(byLeft, product(between(rr), left)),
      product(byRight, product(between(ll), right)),
      product(byRight, product(between(lr), left)),
    ];
    return mapped(product(transpose(linear), linear), (entry, at) => {
      const squares = parts.reduce((sum, { data }) => sum + data[at]!, 0);
      return w1 * entry + (w2 * squares) / 4;
    });
  }
}

interface Grams {
  readonly ll: Matrix;
  readonly rr: Matrix;
  readonly lr: Matrix;
  readonly rl: Matrix;
}

function gramsOf(left: Matrix, right: Matrix): Grams {
  const [byLeft, byRight] = [transpose(left), transpose(right)];
  return {
    ll: product(left, byLeft),
    rr: product(right, byRight),
    lr: product(left, byRight),
    rl: product(right, byLeft),
  };
}

function mapped(a: Matrix, entryOf: (entry: number, at: number) => number): Matrix {
  return matrix(...a.shape, Float64Array.from(a.data, entryOf));
}
