import { dInOf, dOutOf } from "./check.ts";
import type { Network } from "./network.ts";

/** A network in a line, e.g. `"226 → bilinear 64 → 113"`: sizes of the wires, widths of the layers. */
export function describeNetwork(network: Network): string {
  const [first] = network.layers;
  if (!first) return "no layers";
  const steps = network.layers.map((layer) => {
    const name = layer.kind === "linear" ? "linear" : `bilinear ${layer.left.shape[0]}`;
    return `${name} → ${dOutOf(layer)}`;
  });
  return [`${dInOf(first)}`, ...steps].join(" → ");
}
