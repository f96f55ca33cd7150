import { type Network, type StandardForm, standardForm } from "../model/index.ts";
import { identity, type Matrix, matrix, product, ShapeError, transpose } from "../tensor/index.ts";
import { eigenpairs, orthonormalRows } from "./decomposition.ts";
import { leadingEigenpairs } from "./leading-eigenpairs.ts";

/** An output of a network, or a direction in the space of its outputs: one number for each. */
export type Output = number | ArrayLike<number>;

/** The eigenvalues of an interaction matrix. */
export interface InteractionSpectrum {
  /** [k]: the largest in absolute value first; k = min(dIn, 2m), all others are 0. */
  readonly values: Float64Array;
  /** [k, dIn]: one unit vector a row, its entry of largest absolute value positive. */
  readonly vectors: Matrix;
}

/**
 * How the inputs of a network interact in one output, [dIn, dIn], symmetric: the quadratic part of the
 * output is xᵀ B x with
 *
 *     B = Σ_h u_h (l_h r_hᵀ + r_h l_hᵀ) / 2,   u = the output's row of down
 *
 * for a direction of outputs the combination of their matrices (arXiv 2410.08417). Exact. Biases, residual
 * and linear terms do not count.
 *
 * @throws {ShapeError} when the network does not fit together, has not exactly one bilinear layer, or a
 *   direction has not dOut entries
 * @throws {RangeError} when there is no such output, or an entry of a direction is not finite
 */
export function interactionMatrix(network: Network, output: Output): Matrix {
  const { left, right, down } = standardForm(network);
  return quadraticForm(weightsOf(down, output), left, right);
}

/**
 * The spectrum of an {@link interactionMatrix}: the quadratic part of the output is Σ_k λ_k (v_k·x)². Solved
 * in the span of the hidden units, which are at most 2m directions. Throws as {@link interactionMatrix}.
 */
export function interactionSpectrum(network: Network, output: Output): InteractionSpectrum {
  return new Interactions(standardForm(network)).spectrum(output);
}

/** The interaction matrices of all outputs of a network, in a basis they share. */
export class Interactions {
  readonly #basis: Matrix;
  readonly #left: Matrix;
  readonly #right: Matrix;
  readonly #down: Matrix;
  /** [m, n (n + 1) / 2]: the lower triangle of each unit's matrix, made when first asked for. */
  #units: Float64Array | undefined;

  constructor({ left, right, down }: StandardForm) {
    const [hidden, dIn] = left.shape;
    const units = matrix(2 * hidden, dIn, Float64Array.from([...left.data, ...right.data]));
    this.#basis = 2 * hidden < dIn ? orthonormalRows(units) : identity(dIn);
    const turned = transpose(this.#basis);
    this.#left = product(left, turned);
    this.#right = product(right, turned);
    this.#down = down;
  }

  spectrum(output: Output): InteractionSpectrum {
    const form = quadraticForm(weightsOf(this.#down, output), this.#left, this.#right);
    const { values, vectors } = eigenpairs(form);
    return { values, vectors: product(vectors, this.#basis) };
  }

  /** The first `count` of the {@link spectrum}, in a fraction of its time. */
  leading(output: Output, count: number): InteractionSpectrum {
    const weights = weightsOf(this.#down, output);
    this.#units ??= lowerTriangles(this.#left, this.#right);
    const size = this.#left.shape[1];
    const entries = (size * (size + 1)) / 2;
    const form = new Float64Array(entries);
    for (const [h, weight] of weights.entries()) {
      const unit = this.#units.subarray(h * entries, (h + 1) * entries);
      for (let at = 0; at < entries; at++) form[at]! += weight * unit[at]!;
    }
    const { values, vectors } = leadingEigenpairs(form, size, count);
    return { values, vectors: product(vectors, this.#basis) };
  }
}

/** (l_h r_hᵀ + r_h l_hᵀ) / 2 of every unit, the rows of its lower triangle one after the other. */
function lowerTriangles(left: Matrix, right: Matrix): Float64Array {
  const [hidden, size] = left.shape;
  const all = new Float64Array((hidden * size * (size + 1)) / 2);
  for (let h = 0, at = 0; h < hidden; h++) {
    const [l, r] = [left, right].map(({ data }) => data.subarray(h * size, (h + 1) * size));
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++, at++) all[at] = (l![i]! * r![j]! + r![i]! * l![j]!) / 2;
    }
  }
  return all;
}

/** Σ_h u_h (l_h r_hᵀ + r_h l_hᵀ) / 2, symmetric to the last bit. */
function quadraticForm(weights: Float64Array, left: Matrix, right: Matrix): Matrix {
  const [hidden, size] = left.shape;
  const weighted = matrix(
    hidden,
    size,
    Float64Array.from(left.data, (entry, at) => weights[Math.floor(at / size)]! * entry),
  );
  const once = product(transpose(weighted), right);
  const form = matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      form.data[i * size + j] = (once.data[i * size + j]! + once.data[j * size + i]!) / 2;
    }
  }
  return form;
}

/** The weight of each hidden unit in an output. */
function weightsOf(down: Matrix, output: Output): Float64Array {
  const [dOut, hidden] = down.shape;
  if (typeof output !== "number") {
    const direction = Float64Array.from(output);
    if (direction.length !== dOut) {
      throw new ShapeError(
        `Cannot take the interactions of a direction: expected ${dOut} entries, one for each output, found ${direction.length}`,
      );
    }
    const bad = direction.findIndex((entry) => !Number.isFinite(entry));
    if (bad >= 0) {
      throw new RangeError(
        `Cannot take the interactions of a direction: expected finite numbers, found ${direction[bad]} at [${bad}]`,
      );
    }
    return Float64Array.from(product(matrix(1, dOut, direction), down).data);
  }
  if (!Number.isInteger(output) || output < 0 || output >= dOut) {
    throw new RangeError(
      `Cannot take the interactions of output ${output}: expected an output from 0 to ${dOut - 1}, found ${output}`,
    );
  }
  return Float64Array.from(down.data.subarray(output * hidden, (output + 1) * hidden));
}
