import type { Adapter } from "./adapter.ts";
import { Fitting, type LayerSource, type WrongShape } from "./fitting.ts";
import { matchesAny, rulesFor, scopeOf, type WeightShapes } from "./scope.ts";

/** How weights and an adapter go together. */
export interface Fit {
  readonly adapter: Adapter;
  readonly fits: boolean;
  /** Tensors the network is made of, by their names in the checkpoint. */
  readonly used: readonly string[];
  /** Tensors the adapter needs and the checkpoint lacks. */
  readonly missing: readonly string[];
  /** Tensors the checkpoint has and the adapter neither uses nor ignores. */
  readonly unused: readonly string[];
  readonly wrong: readonly WrongShape[];
  /** The layers in order; what they are worth when `fits` is true. */
  readonly layers: readonly LayerSource[];
}

/**
 * Compares names and shapes with what an adapter asks for; reads no numbers. Exact: weights fit when
 * nothing is missing, left over or of the wrong shape.
 */
export function fitAdapter(weights: WeightShapes, adapter: Adapter): Fit {
  const fitting = new Fitting(scopeOf(weights, adapter));
  const layers: LayerSource[] = [];
  for (const rule of rulesFor(adapter, fitting.scope)) {
    const layer = rule.kind === "linear" ? fitting.linear(rule) : fitting.bilinear(rule);
    if (layer !== undefined) layers.push(layer);
  }
  const unused = [...fitting.scope.names]
    .filter((name) => !fitting.used.has(name) && !matchesAny(name, adapter.ignore ?? []))
    .map(fitting.scope.stored);
  const { missing, wrong } = fitting;
  return {
    adapter,
    fits: missing.length === 0 && unused.length === 0 && wrong.length === 0 && layers.length > 0,
    used: [...fitting.used].map(fitting.scope.stored),
    missing,
    unused,
    wrong,
    layers,
  };
}
