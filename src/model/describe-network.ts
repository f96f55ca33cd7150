import { dInOf, dOutOf } from "./check.ts";
import type { Layer, Network } from "./network.ts";

/**
 * A network in a line, e.g. `"226 → bilinear 64 → 113"` or `"8 → attention 2×4 → 8, 8 positions"`: sizes
 * of the wires, widths of the layers, heads × head width.
 */
export function describeNetwork(network: Network): string {
  const [first] = network.layers;
  if (!first) return "no layers";
  const steps = network.layers.map((layer) => {
    return `${nameOf(layer)} → ${dOutOf(layer)}`;
  });
  const line = [`${dInOf(first)}`, ...steps].join(" → ");
  return network.nContext === undefined ? line : `${line}, ${network.nContext} positions`;
}

function nameOf(layer: Layer): string {
  if (layer.kind === "linear") return "linear";
  if (layer.kind === "bilinear") return `bilinear ${layer.left.shape[0]}`;
  return `attention ${layer.heads}×${layer.query1.shape[0] / layer.heads}`;
}
