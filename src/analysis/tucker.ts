import { type Network, type StandardForm, standardForm } from "../model/index.ts";
import { type Matrix, matrix, product, scaled, transpose } from "../tensor/index.ts";
import { eigenpairs, singularValues } from "./decomposition.ts";

/** Options of {@link tucker}. */
export interface TuckerOptions {
  /**
   * True takes the symmetric part of each slice first, so that swapping the sides of a hidden unit does
   * not matter and both inputs have one rank. Default false, as in arXiv 2605.15183.
   */
  readonly symmetrise?: boolean | undefined;
}

/** One way to unfold a network's tensor into a matrix. */
export interface TuckerMode {
  /** [min of the mode's size and m, or 2m when symmetrised], the largest first. */
  readonly singularValues: Float64Array;
  /** exp(−Σ p ln p), p = σ / Σσ: from 1 to the number of singular values; 0 for a tensor that is 0. */
  readonly effectiveRank: number;
}

/** The modes of T[o, i, j] = Σ_h D[o, h] L[h, i] R[h, j]. */
export interface Tucker {
  readonly output: TuckerMode;
  /** The input that the left sides read. */
  readonly left: TuckerMode;
  /** The input that the right sides read. */
  readonly right: TuckerMode;
}

/**
 * The Tucker effective ranks of a network's tensor: of each of its three unfoldings the exponential of the
 * entropy of the singular values, how many directions share the weight. The tensor is not built: with
 * F Fᵀ the kernel of the hidden units, an unfolding has the singular values of a small matrix,
 *
 *     output  D F,  F Fᵀ = (L Lᵀ)⊙(R Rᵀ)        left  Lᵀ F,  F Fᵀ = (DᵀD)⊙(R Rᵀ)        right  alike
 *
 * Exact up to rounding, with singular values below 2⁻²⁶ ‖F‖ ‖D‖ (‖L‖, ‖R‖) taken as 0: what cancels
 * is 0, not noise. Biases, residual
 * and linear terms do not count.
 *
 * @throws {ShapeError} when the network does not fit together or has not exactly one bilinear layer
 */
export function tucker(network: Network, { symmetrise = false }: TuckerOptions = {}): Tucker {
  const form = standardForm(network);
  const { left, right, down } = symmetrise ? bothWays(form) : form;
  const [leftGram, rightGram] = [left, right].map((side) => product(side, transpose(side)));
  const downGram = product(transpose(down), down);
  return {
    output: mode(down, leftGram!, rightGram!),
    left: mode(transpose(left), downGram, rightGram!),
    right: mode(transpose(right), downGram, leftGram!),
  };
}

/** Each hidden unit as it is and with its sides swapped, half of each. */
function bothWays({
  left,
  right,
  down,
}: StandardForm): Pick<StandardForm, "left" | "right" | "down"> {
  const half = transpose(scaled(down, 1 / 2));
  return {
    left: below(left, right),
    right: below(right, left),
    down: transpose(below(half, half)),
  };
}

function below(upper: Matrix, lower: Matrix): Matrix {
  const [rows, columns] = upper.shape;
  return matrix(rows + lower.shape[0], columns, Float64Array.from([...upper.data, ...lower.data]));
}

function mode(outer: Matrix, a: Matrix, b: Matrix): TuckerMode {
  const kernel = matrix(
    ...a.shape,
    Float64Array.from(a.data, (entry, at) => entry * b.data[at]!),
  );
  const { factor, largest } = factorOf(kernel);
  // What a factor is off by where units cancel, at most: parts of this size are rounding.
  const rounding = 2 ** -26 * largest * norm(outer);
  const values = singularValues(product(outer, factor)).map((value) =>
    value > rounding ? value : 0,
  );
  return { singularValues: values, effectiveRank: effectiveRank(values) };
}

/** F with F Fᵀ = K for K of no negative eigenvalue, and its largest singular value. */
function factorOf(kernel: Matrix): { readonly factor: Matrix; readonly largest: number } {
  const [size] = kernel.shape;
  const { values, vectors } = eigenpairs(kernel);
  const rounding = size * 2 ** -52 * values[0]!;
  const factor = matrix(size, size);
  for (let k = 0; k < size; k++) {
    const scale = values[k]! > rounding ? Math.sqrt(values[k]!) : 0;
    for (let h = 0; h < size; h++) {
      factor.data[h * size + k] = scale * vectors.data[k * size + h]!;
    }
  }
  return { factor, largest: Math.sqrt(Math.max(values[0]!, 0)) };
}

function effectiveRank(values: Float64Array): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (sum === 0) return 0;
  let entropy = 0;
  for (const value of values) if (value > 0) entropy -= (value / sum) * Math.log(value / sum);
  return Math.exp(entropy);
}

function norm({ data }: Matrix): number {
  let squares = 0;
  for (const entry of data) squares += entry * entry;
  return Math.sqrt(squares);
}
