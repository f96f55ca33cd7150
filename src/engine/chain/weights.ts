import type { Chain, Matrix, Numbers, Precision } from "../../tensor/index.ts";
import { matrix, numbers } from "../../tensor/index.ts";
import { exponentOf, largest, scale } from "./exponent.ts";

/** The weights of one step, a power of two taken out of each matrix. */
export interface StepWeights {
  /** W of a linear step, L of a bilinear one. */
  readonly left: Matrix;
  readonly right?: Matrix;
  readonly down?: Matrix;
  /** Base-2 exponent of what was taken out of all of them. */
  readonly exponent: number;
}

/**
 * Copies the weights of a chain in `precision`, the largest of each matrix brought into [1, 2). Powers
 * of two cost no accuracy; without them weights far from 1 leave the range of the format by the fourth
 * power in a single bilinear step.
 */
export function weightsOf(chain: Chain, precision: Precision): readonly StepWeights[] {
  return chain.steps.map((step) => {
    const taken = (step.kind === "linear" ? [step.weight] : [step.left, step.right, step.down]).map(
      (weight) => ({ weight, exponent: exponentOf(largest(weight.data)) }),
    );
    const [left, right, down] = taken.map(({ weight, exponent }) => {
      const data: Numbers = numbers(weight.data.length, precision);
      scale(weight.data, -exponent, data);
      return matrix(weight.shape[0], weight.shape[1], data);
    });
    const exponent = taken.reduce((sum, { exponent }) => sum + exponent, 0);
    return { left: left!, ...(right && down ? { right, down } : {}), exponent };
  });
}
