import fc from "fast-check";
import type { BilinearLayer, Network } from "../../src/model/index.ts";
import { networks } from "./networks.ts";

/** A network of one bilinear layer that is nothing but quadratic. */
export const quadratic: fc.Arbitrary<Network> = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 3 }))
  .chain(([dIn, dOut]) => networks(["bilinear"], dIn, dOut, { biases: false, residual: false }));

/** Its layer. */
export function plain(network: Network): BilinearLayer {
  return network.layers[0] as BilinearLayer;
}

/** 0 … length − 1. */
export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
