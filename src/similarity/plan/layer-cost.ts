import { dInOf, dOutOf, type Network } from "../../model/index.ts";
import { closureCosts } from "../closure/closure-cost.ts";
import { countOf } from "../exact/monomials.ts";
import { pairCost, preparationCost, twoLayerSizes } from "../exact/two-layer-cost.ts";
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

/** Two bilinear layers, exact, see {@link preparationCost} and {@link pairCost}. */
export function twoLayerCost(network: Network): Cost {
  const sizes = twoLayerSizes(network);
  const [preparation, pair] = [preparationCost(sizes), pairCost(sizes, sizes)];
  return {
    network: 2 * preparation.macs,
    pair: 2 * pair.macs,
    held: preparation.bytes,
    room: pair.bytes,
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
