import { dInOf, dOutOf } from "./check.ts";
import type { Layer, Network } from "./network.ts";

/**
 * How networks are written as chains, decided once for all that are compared: chains pair only when
 * their step kinds agree.
 */
export interface ChainPlan {
  /** Work on the wire (1, x), so that biases and residuals count. */
  readonly padded: boolean;
  /** Keep linear maps before the first bilinear layer as a step of their own. */
  readonly lead: boolean;
  /** Keep linear maps after the last bilinear layer as a step of their own. */
  readonly head: boolean;
}

/** True when the network has a bias or a residual, so that it is not homogeneous. */
export function needsPadding(network: Network): boolean {
  return network.layers.some((layer) => {
    if (layer.kind === "linear") return layer.bias !== undefined;
    if (layer.residual) return true;
    const biases =
      layer.kind === "bilinear"
        ? [layer.leftBias, layer.rightBias, layer.downBias]
        : [layer.query1Bias, layer.key1Bias, layer.query2Bias, layer.key2Bias];
    return biases.some((bias) => bias !== undefined);
  });
}

/**
 * The cheaper way to write these networks as chains. Folding a linear map into its neighbour or keeping
 * it gives the same value; with wire d, width m, the multiplications per pair are
 *
 *     input map   kept  d² dIn + 2 m d² + 4 m² d      folded  4 m² dIn
 *     output map  kept  m² d + m d² + d² dOut          folded  m² dOut
 */
export function chainPlan(networks: Iterable<Network>, padded: boolean): ChainPlan {
  let lead = 0;
  let head = 0;
  for (const { layers } of networks) {
    const first = layers.find((layer) => layer.kind === "bilinear");
    const last = layers.findLast((layer) => layer.kind === "bilinear");
    if (!first || !last) continue;
    if (layers[0] !== first) lead += leadCost(layers[0]!, first.left.shape);
    if (layers.at(-1) !== last) head += headCost(layers.at(-1)!, last.down.shape);
  }
  return { padded, lead: lead < 0, head: head < 0 };
}

/** Multiplications per pair of keeping the input map, less those of folding it. */
function leadCost(input: Layer, [m, d]: readonly [number, number]): number {
  const dIn = dInOf(input);
  return d * d * dIn + 2 * m * d * d + 4 * m * m * d - 4 * m * m * dIn;
}

/** Multiplications per pair of keeping the output map, less those of folding it. */
function headCost(output: Layer, [d, m]: readonly [number, number]): number {
  const dOut = dOutOf(output);
  return m * m * d + m * d * d + d * d * dOut - m * m * dOut;
}
