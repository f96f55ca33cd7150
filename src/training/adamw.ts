import { type Numbers, numbers, precisionOf } from "../tensor/index.ts";

export interface AdamWOptions {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Decay of the running means of gradient and squared gradient. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam with decoupled weight decay (arXiv 1711.05101), as PyTorch's `AdamW` computes it. Step t:
 *
 *     w ← (1 − η λ) w        m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²
 *     w ← w − η/(1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
 *
 * with learning rate η and weight decay λ. Moments have the precision of the parameters.
 */
export class AdamW {
  readonly #parameters: Numbers;
  readonly #first: Numbers;
  readonly #second: Numbers;
  readonly #options: Required<AdamWOptions>;
  /** β₁ᵗ and β₂ᵗ by running products: `Math.pow` may differ between machines. */
  #power1 = 1;
  #power2 = 1;

  /** @param parameters changed in place by `step` */
  constructor(parameters: Numbers, options: AdamWOptions) {
    const precision = precisionOf(parameters);
    this.#parameters = parameters;
    this.#first = numbers(parameters.length, precision);
    this.#second = numbers(parameters.length, precision);
    this.#options = { betas: [0.9, 0.999], epsilon: 1e-8, ...options };
  }

  /** One step along `gradient`, which has the layout of the parameters. */
  step(gradient: Numbers): void {
    const { learningRate, weightDecay, epsilon } = this.#options;
    const [beta1, beta2] = this.#options.betas;
    this.#power1 *= beta1;
    this.#power2 *= beta2;
    const kept = 1 - learningRate * weightDecay;
    const rate = learningRate / (1 - this.#power1);
    const correction = 1 / Math.sqrt(1 - this.#power2);
    const parameters = this.#parameters;
    const first = this.#first;
    const second = this.#second;
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i]!;
      const m = beta1 * first[i]! + (1 - beta1) * g;
      const v = beta2 * second[i]! + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] = parameters[i]! * kept - (rate * m) / (Math.sqrt(v) * correction + epsilon);
    }
  }
}
