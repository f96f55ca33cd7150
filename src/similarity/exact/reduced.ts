import {
  type BilinearLayer,
  dInOf,
  type Network,
  type StandardForm,
  type Substitution,
} from "../../model/index.ts";
import { type Matrix, matrix, product } from "../../tensor/index.ts";
import { type Arithmetic, applied, float64 } from "../closure/arithmetic.ts";
import { spanOf } from "./span.ts";
import { fewInputs, triangle } from "./two-layer-cost.ts";

/** A network on the directions of w ~ N(0, I) that it reads. */
export interface Reduced {
  /** Its inputs are N(0, I). */
  readonly network: Network;
  readonly substitution?: Substitution | undefined;
  /** [r, d]: orthonormal directions of w, the inputs of the network; undefined for w as it is. */
  readonly basis: Matrix | undefined;
}

/**
 * The same function of w, x = mean + factor·w, on fewer inputs: an embedding reads no more directions than it
 * has outputs, m units without a residual no more than 2 m. Up to 16 inputs stay as they are.
 */
export async function reduced(
  network: Network,
  substitution: Substitution | undefined,
  { times, pause }: Arithmetic,
): Promise<Reduced> {
  const { layers } = network;
  const asItIs: Reduced = { network, substitution, basis: undefined };
  const at = layers.findIndex(({ kind }) => kind === "bilinear");
  const first = layers[at] as BilinearLayer;
  const dIn = dInOf(layers[0]!);
  const d = substitution?.factor.shape[1] ?? dIn;
  const units = first.residual ? d : 2 * first.left.shape[0];
  const width = at > 0 ? dInOf(first) : d;
  if (d <= fewInputs || Math.min(units, width) >= d) return asItIs;

  let map = substitution?.factor;
  let offset: Float64Array = Float64Array.from(substitution?.mean ?? new Float64Array(dIn));
  for (const layer of layers.slice(0, at)) {
    if (layer.kind !== "linear") continue;
    const weight = float64(layer.weight);
    map = map ? await times(weight, map) : weight;
    offset = applied(weight, offset, layer.bias);
  }
  if (width <= units) {
    const { basis, coordinates } = await spanOf(map!, pause);
    const embedding = { kind: "linear", weight: coordinates, bias: offset } as const;
    return { network: { layers: [embedding, ...layers.slice(at)] }, basis };
  }
  const sides = [float64(first.left), float64(first.right)] as const;
  const m = first.left.shape[0];
  const rows = await Promise.all(sides.map(async (side) => (map ? times(side, map) : side)));
  const { basis, coordinates } = await spanOf(stacked(rows[0]!, rows[1]!), pause);
  const r = basis.shape[0];
  const layer: BilinearLayer = {
    ...first,
    left: matrix(m, r, coordinates.data.slice(0, m * r)),
    right: matrix(m, r, coordinates.data.slice(m * r)),
    leftBias: applied(sides[0], offset, first.leftBias),
    rightBias: applied(sides[1], offset, first.rightBias),
  };
  return { network: { layers: [layer, ...layers.slice(at + 1)] }, basis };
}

/**
 * The same form with a unit w_i w_j for each i ≤ j, where these are fewer than its own:
 * Σ_p S[o, p] (l_p·w)(r_p·w) has the coefficient Σ_p S[o, p] (l_pi r_pj + l_pj r_pi), half of it for i = j.
 */
export function condensed(form: StandardForm): StandardForm {
  const { left, right, down } = form;
  const [m, d] = left.shape;
  const count = triangle(d);
  if (count >= m) return form;
  const coefficients = matrix(m, count);
  const units = { left: matrix(count, d), right: matrix(count, d) };
  for (let i = 0, at = 0; i < d; i++) {
    for (let j = i; j < d; j++, at++) {
      units.left.data[at * d + i] = 1;
      units.right.data[at * d + j] = 1;
      for (let p = 0; p < m; p++) {
        const straight = left.data[p * d + i]! * right.data[p * d + j]!;
        const crossed = i === j ? 0 : left.data[p * d + j]! * right.data[p * d + i]!;
        coefficients.data[p * count + at] = straight + crossed;
      }
    }
  }
  return { ...form, ...units, down: product(down, coefficients) };
}

/** One above the other. */
export function stacked(above: Matrix, below: Matrix): Matrix {
  const data = new Float64Array(above.data.length + below.data.length);
  data.set(above.data);
  data.set(below.data, above.data.length);
  return matrix(above.shape[0] + below.shape[0], above.shape[1], data);
}
