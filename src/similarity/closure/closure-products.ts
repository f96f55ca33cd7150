import type { Comparison } from "../comparison.ts";
import type { Products } from "../sweep/product-pairing.ts";
import { bytesOf } from "./arithmetic.ts";
import { released, slicesOf, type Walked, walked, walkedWith } from "./walk.ts";

/**
 * The Gaussian closure: means and covariances go from wire to wire, exactly through each layer if its
 * input is normal. What concerns one network alone is computed once.
 */
export function closureProducts({
  positions,
  substitution,
}: Pick<Comparison, "positions" | "substitution">): Products<Walked> {
  return {
    prepared: (network, arithmetic) =>
      walked(network, positions, substitution, "product", arithmetic),
    slices: async (a, b, arithmetic) =>
      slicesOf(a, b, await walkedWith(a, b, "product", arithmetic)),
    bytes: ({ start, traces }) =>
      bytesOf([start]) + traces.reduce((bytes, trace) => bytes + trace.bytes, 0),
    release: released,
    lanes: 2,
  };
}
