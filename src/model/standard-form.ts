import type { Matrix, Numbers } from "../tensor/index.ts";
import { identity, matrix, product, ShapeError, scaled } from "../tensor/index.ts";
import { checkNetwork } from "./check.ts";
import type { BilinearLayer, LinearLayer, Network } from "./network.ts";

/**
 * A quadratic network written out in its inputs x, exact:
 *
 *     f_o(x) = constant[o] + linear[o]·x + Σ_h down[o, h] (left_h·x)(right_h·x)
 */
export interface StandardForm {
  /** [dOut] */
  readonly constant: Numbers;
  /** [dOut, dIn] */
  readonly linear: Matrix;
  /** [m, dIn] */
  readonly left: Matrix;
  /** [m, dIn] */
  readonly right: Matrix;
  /** [dOut, m] */
  readonly down: Matrix;
}

/** A change of inputs x = mean + factor·w; w is what the standard form is then written in. */
export interface Substitution {
  /** [dIn] */
  readonly mean: Numbers;
  /** [dIn, k] */
  readonly factor: Matrix;
}

/**
 * The standard form of a network of one bilinear layer with any linear maps around it; biases,
 * residual and gain are folded in. With the maps before the layer composed to x ↦ T x + t₀,
 *
 *     left = L T, right = R T, l₀ = L t₀ + bl, r₀ = R t₀ + br, S = gain · D
 *     constant = S (l₀ ⊙ r₀) + gain · bd + residual · t₀
 *     linear   = S diag(l₀) right + S diag(r₀) left + residual · T
 *
 * and the maps after it act on S, constant and linear.
 *
 * @throws {ShapeError} when the network does not fit together, or has not exactly one bilinear layer
 */
export function standardForm(network: Network, substitution?: Substitution): StandardForm {
  const { dIn, nonlinear, attention } = checkNetwork(network);
  if (attention > 0) {
    throw new ShapeError(
      "Cannot write a network in standard form: expected no attention layer, found one",
    );
  }
  if (nonlinear !== 1) {
    throw new ShapeError(
      `Cannot write a network in standard form: expected 1 bilinear layer, found ${nonlinear}`,
    );
  }
  let wire: Affine = substitution
    ? { map: substitution.factor, offset: column(substitution.mean) }
    : { map: undefined, offset: matrix(dIn, 1) };
  let quadratic: { left: Matrix; right: Matrix; down: Matrix } | undefined;
  for (const layer of network.layers) {
    if (layer.kind === "linear") {
      wire = through(wire, layer);
      quadratic = quadratic && { ...quadratic, down: product(layer.weight, quadratic.down) };
    } else if (layer.kind === "bilinear") {
      ({ wire, ...quadratic } = multiplied(wire, layer));
    }
  }
  return { constant: wire.offset.data, linear: wire.map!, ...quadratic! };
}

/** The part of degree at most 1 of a wire: map [n, dIn], undefined for the identity, and offset [n, 1]. */
interface Affine {
  readonly map: Matrix | undefined;
  readonly offset: Matrix;
}

function through({ map, offset }: Affine, { weight, bias }: LinearLayer): Affine {
  return { map: composed(weight, map), offset: plus(product(weight, offset), bias) };
}

/** W·map, in float64 */
function composed(weight: Matrix, map: Matrix | undefined): Matrix {
  return map ? product(weight, map) : scaled(weight, 1);
}

function multiplied({ map, offset }: Affine, layer: BilinearLayer) {
  const { residual = 0, gain = 1 } = layer;
  const left = composed(layer.left, map);
  const right = composed(layer.right, map);
  const down = scaled(layer.down, gain);
  const atLeft = plus(product(layer.left, offset), layer.leftBias);
  const atRight = plus(product(layer.right, offset), layer.rightBias);
  const linear = sum(slope(right, atLeft), slope(left, atRight));
  const constant = plus(
    product(down, rowsTimes(atLeft, atRight.data)),
    layer.downBias?.map((entry) => gain * entry),
  );
  const wire: Affine =
    residual === 0
      ? { map: linear, offset: constant }
      : {
          map: sum(linear, scaled(map ?? identity(offset.shape[0]), residual)),
          offset: sum(constant, scaled(offset, residual)),
        };
  return { wire, left, right, down };

  /** S diag(offsets) side */
  function slope(side: Matrix, { data }: Matrix): Matrix {
    const none = data.every((entry: number) => entry === 0);
    return none ? matrix(down.shape[0], side.shape[1]) : product(down, rowsTimes(side, data));
  }
}

function column(data: Numbers): Matrix {
  return matrix(data.length, 1, data);
}

function sum(a: Matrix, b: Matrix): Matrix {
  const total = new Float64Array(a.data.length);
  for (let i = 0; i < total.length; i++) total[i] = a.data[i]! + b.data[i]!;
  return matrix(...a.shape, total);
}

/** A column plus a bias, when there is one. */
function plus(a: Matrix, bias: Numbers | undefined): Matrix {
  return bias ? sum(a, column(bias)) : a;
}

/** diag(factors)·A */
function rowsTimes(a: Matrix, factors: Numbers): Matrix {
  const [rows, columns] = a.shape;
  return matrix(
    rows,
    columns,
    Float64Array.from(a.data, (entry, i) => factors[Math.floor(i / columns)]! * entry),
  );
}
