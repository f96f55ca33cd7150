import { dInOf, dOutOf, type Network } from "../../model/index.ts";
import { closureCosts } from "../closure/closure-cost.ts";
import { countOf } from "../exact/monomials.ts";
import type { Cost } from "./cost.ts";

/** The closure as it is walked, see {@link closureCosts}; a network with itself is one of the pairs. */
export function closureCost(network: Network, positions: number): Cost {
  const { preparation, pair } = closureCosts(network, positions);
  return {
    network: 2 * preparation.macs,
    pair: 2 * pair.macs,
    held: preparation.bytes,
    room: pair.bytes,
  };
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
