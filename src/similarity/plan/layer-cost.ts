import {
  type AttentionLayer,
  type BilinearLayer,
  dInOf,
  dOutOf,
  type Network,
} from "../../model/index.ts";
import { countOf } from "../exact/monomials.ts";
import type { Cost } from "./cost.ts";

/**
 * The closure, layer by layer with wire d, of which a pair takes the moments between the two networks and
 * a network once those of itself:
 *
 *     linear     2 d² d′              bilinear   8 m² d + 8 m d² + 4 m² d′, for each position
 *     attention  60 d² H dh for the Gram matrices of all legs of a pair of positions, and for each pair of
 *                heads 2 dh³ times 264 for two query positions that look at the same keys, 68 otherwise
 *
 * Behind a layer that is not linear all pairs of positions are correlated, so all are computed.
 */
export function closureCost({ layers }: Network, positions: number): Cost {
  const nonlinear = layers.filter(({ kind }) => kind !== "linear").length;
  let flops = 0;
  let before = 0;
  let held = 0;
  for (const layer of layers) {
    const [d, to] = [dInOf(layer), dOutOf(layer)];
    const spread = before === 0 ? positions : positions ** 2;
    if (layer.kind === "linear") {
      flops += spread * 2 * d * to * (d + to);
      held += d * to;
      continue;
    }
    before++;
    const last = before === nonlinear;
    flops +=
      layer.kind === "bilinear"
        ? spread * bilinear(layer)
        : attention(layer, positions, before, last);
    held += positions ** 2 * d * d;
  }
  return { network: flops, pair: flops, held: 8 * held, room: 8 * held };
}

function bilinear({ left, down }: BilinearLayer): number {
  const [m, d] = left.shape;
  const to = down.shape[0];
  return 8 * m * m * d + 8 * m * d * d + 2 * m * m * to + 2 * m * to * to;
}

function attention(
  { heads, query1, value }: AttentionLayer,
  positions: number,
  place: number,
  last: boolean,
): number {
  const width = value.shape[0] / heads;
  const d = query1.shape[1];
  const cube = 2 * heads ** 2 * width ** 3;
  const grams = 60 * d * d * heads * width;
  if (place === 1) {
    // Independent positions: what differs in its lag alone is computed once.
    const lags = last ? positions : positions ** 2;
    return grams + cube * (68 * (lags - 1) + 264);
  }
  // Of each query position all it looks at, a causal mask taken.
  const looks = Array.from({ length: positions }, (_, t) => t + 1);
  const configurations = last
    ? looks.reduce((sum, keys) => sum + keys ** 2, 0)
    : looks.reduce((sum, keys) => sum + keys, 0) ** 2;
  return positions ** 2 * grams + configurations * cube * (last ? 264 : 360);
}

/**
 * Two bilinear layers of m₁ and m₂ units on inputs of dimension d, exact: for a network the dense forms of
 * the second layer and their products, 4 m₂ m₁ d² + 6 m₂ d³; for a pair the traces of four forms each,
 * 2 m₂ m₁² (m₂ + 8 min(d, m₁)), and of two, 8 m₂² d².
 */
export function twoLayerCost({ layers }: Network): Cost {
  const [first, second] = layers.filter((layer) => layer.kind === "bilinear");
  const [m1, m2] = [first!.left.shape[0], second!.left.shape[0]];
  const d = dInOf(layers[0]!);
  return {
    network: 4 * m2 * m1 * d * d + 6 * m2 * d ** 3,
    pair: 2 * m2 * m1 ** 2 * (m2 + 8 * Math.min(d, m1)) + 8 * m2 ** 2 * d * d,
    held: 8 * (2 * m2 * d * d + 2 * m1 * d + 2 * m1 * m2 + dOutOf(layers.at(-1)!) * d * d),
    room: 8 * 12 * m1 * m1,
  };
}

/**
 * All coefficients of networks of L bilinear layers, exact: with C(d, k) monomials in d variables of degree
 * at most k, the widest products take 2 m C(d, 2^(L−1))² for a network, and a pair 2 c C(d, 2^L).
 */
export function polynomialCost({ layers }: Network): Cost {
  const bilinearLayers = layers.filter((layer) => layer.kind === "bilinear");
  const variables = dInOf(layers[0]!);
  const degree = 2 ** bilinearLayers.length;
  const width = bilinearLayers.at(-1)?.left.shape[0] ?? 0;
  const entries = dOutOf(layers.at(-1)!) * countOf(variables, degree);
  return {
    network: 2 * width * countOf(variables, degree / 2) ** 2,
    pair: 2 * entries,
    held: 8 * entries,
    room: 8 * width * countOf(variables, degree),
  };
}
