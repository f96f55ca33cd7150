import { dInOf, type Network } from "../../model/index.ts";
import type { Precision } from "../../tensor/index.ts";
import { countOf, mostProducts } from "../exact/monomials.ts";
import type { MetricRule } from "../metric.ts";

/** Why networks of this size are too large for a rule, a sentence; undefined when they are not. */
export function countLimit(
  { metric, route }: MetricRule,
  network: Network,
  precision: Precision,
): string | undefined {
  if (route === "chain") return undefined;
  if (precision !== "float64") {
    return `Cannot compare networks by metric "${metric}" in ${precision}: expected float64`;
  }
  if (route !== "polynomial") return undefined;
  const layers = network.layers.filter(({ kind }) => kind === "bilinear").length;
  const inputs = dInOf(network.layers[0]!);
  const products = countOf(inputs, 2 ** layers / 2) ** 2;
  return products > mostProducts
    ? `Cannot expand ${layers} bilinear layers on ${inputs} inputs into monomials: expected at most ${mostProducts} products of them, found ${products}; "closure" takes any size`
    : undefined;
}
