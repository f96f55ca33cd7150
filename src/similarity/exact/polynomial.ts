import { type BilinearLayer, dInOf, type Network, type Substitution } from "../../model/index.ts";
import { identity, type Matrix, matrix } from "../../tensor/index.ts";
import { type Arithmetic, float64 } from "../closure/arithmetic.ts";
import { factorial, Monomials } from "./monomials.ts";

/**
 * The outputs of a network written out: [dOut, monomials of degree at most 2^layers], coefficients by
 * monomials in w, x = mean + factor·w.
 *
 * @throws {RangeError} when there are too many monomials, see {@link Monomials}
 */
export async function polynomialOf(
  network: Network,
  substitution: Substitution | undefined,
  { times, pause }: Arithmetic,
): Promise<{ readonly monomials: Monomials; readonly coefficients: Matrix }> {
  const d = dInOf(network.layers[0]!);
  const start = substitution?.factor ?? identity(d);
  const depth = network.layers.filter(({ kind }) => kind === "bilinear").length;
  const monomials = new Monomials(start.shape[1], 2 ** depth);
  let degree = 1;
  let wire = matrix(d, monomials.upTo[1]!);
  for (let i = 0; i < d; i++) {
    const row = i * wire.shape[1];
    wire.data[row] = substitution?.mean[i] ?? 0;
    wire.data.set(start.data.subarray(i * start.shape[1], (i + 1) * start.shape[1]), row + 1);
  }
  for (const layer of network.layers) {
    if (layer.kind === "linear") {
      wire = plus(await times(float64(layer.weight), wire), layer.bias);
    } else if (layer.kind === "bilinear") {
      wire = await multiplied(wire, layer);
      degree *= 2;
    }
  }
  return { monomials, coefficients: wire };

  async function multiplied(x: Matrix, layer: BilinearLayer): Promise<Matrix> {
    const { residual = 0, gain = 1 } = layer;
    const left = plus(await times(float64(layer.left), x), layer.leftBias);
    const right = plus(await times(float64(layer.right), x), layer.rightBias);
    const units = await products(left, right);
    const y = plus(await times(float64(layer.down), units), layer.downBias);
    const [inner, outer] = [x.shape[1], y.shape[1]];
    for (let i = 0; i < y.data.length; i++) y.data[i]! *= gain;
    for (let o = 0; residual !== 0 && o < y.shape[0]; o++) {
      for (let i = 0; i < inner; i++) y.data[o * outer + i]! += residual * x.data[o * inner + i]!;
    }
    return y;
  }

  /** The product of each row of one with that row of the other. */
  async function products(left: Matrix, right: Matrix): Promise<Matrix> {
    const [units, inner] = left.shape;
    const outer = monomials.upTo[2 * degree]!;
    const found = matrix(units, outer);
    for (let i = 0; i < inner; i++) {
      for (let j = 0; j < inner; j++) {
        const to = monomials.product(i, j);
        for (let h = 0; h < units; h++) {
          found.data[h * outer + to]! += left.data[h * inner + i]! * right.data[h * inner + j]!;
        }
      }
      await pause();
    }
    return found;
  }
}

/** Adds a bias to the constant coefficients, in place. */
function plus(wire: Matrix, bias: ArrayLike<number> | undefined): Matrix {
  for (let i = 0; bias && i < wire.shape[0]; i++) wire.data[i * wire.shape[1]]! += bias[i]!;
  return wire;
}

/**
 * Coefficients in polynomials orthonormal under w ~ N(0, I), so that E[f·g] is a sum of products: products of
 * Hermite polynomials He_k / √(k!), through x^k = Σ_s k! / (2^s s! (k − 2s)!) He_{k−2s} in one variable after
 * the other.
 */
export function orthonormal(monomials: Monomials, coefficients: Matrix): Matrix {
  const [rows, columns] = coefficients.shape;
  let from = coefficients.data;
  for (let v = 0; v < monomials.variables; v++) {
    const to = new Float64Array(from.length);
    for (let i = 0; i < columns; i++) {
      const k = monomials.exponent(i, v);
      for (let s = 0; 2 * s <= k; s++) {
        const at = monomials.moved(i, v, -2 * s);
        const factor = factorial(k) / (2 ** s * factorial(s) * factorial(k - 2 * s));
        for (let o = 0; o < rows; o++) to[o * columns + at]! += factor * from[o * columns + i]!;
      }
    }
    from = to;
  }
  const weights = Float64Array.from({ length: columns }, (_, i) =>
    Math.sqrt(monomials.factorials(i)),
  );
  return matrix(
    rows,
    columns,
    Float64Array.from(from, (entry, i) => entry * weights[i % columns]!),
  );
}

/**
 * The entries of the symmetric tensors of highest degree D, so that their inner product is a sum of products:
 * coefficients of degree D times √(Π e_v! / D!).
 */
export function topTensor(monomials: Monomials, coefficients: Matrix): Matrix {
  const [rows, columns] = coefficients.shape;
  const degree = monomials.upTo.length - 1;
  const first = degree === 0 ? 0 : monomials.upTo[degree - 1]!;
  const top = matrix(rows, columns - first);
  for (let i = first; i < columns; i++) {
    const weight = Math.sqrt(monomials.factorials(i) / factorial(degree));
    for (let o = 0; o < rows; o++) {
      top.data[o * top.shape[1] + i - first] = weight * coefficients.data[o * columns + i]!;
    }
  }
  return top;
}
