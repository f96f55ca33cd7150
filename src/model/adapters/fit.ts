import type { Adapter } from "./adapter.ts";
import { Fitting } from "./fitting.ts";
import { Inventory, type WrongShape } from "./inventory.ts";
import { type FoundSetting, Lookup } from "./lookup.ts";
import { matchesAny } from "./pattern.ts";
import { rulesFor } from "./rules.ts";
import { scopeOf, type WeightShapes } from "./scope.ts";
import { type SettingName, type Settings, settingNames } from "./settings.ts";
import type { LayerSource } from "./source.ts";

/** How weights and an adapter go together: plain data. */
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
  /** Settings the network is made with, and who gave them. */
  readonly settings: readonly FoundSetting[];
  /** Settings the adapter needs and nobody gave. */
  readonly lacking: readonly SettingName[];
  /** What is wrong with settings that were given, a phrase each. */
  readonly refused: readonly string[];
  /** The layers in order; what they are worth when `fits` is true. */
  readonly layers: readonly LayerSource[];
  /** Positions of an input, where there is attention or the adapter says so. */
  readonly nContext?: number;
}

/**
 * Compares names, shapes and settings with what an adapter asks for; reads no numbers. Exact: weights fit
 * when nothing is missing, left over or of the wrong shape, and no setting is missing or given in vain.
 *
 * @param settings - what the tensors do not hold; goes before the adapter's own, and those before what the
 * checkpoint says of itself
 */
export function fitAdapter(weights: WeightShapes, adapter: Adapter, settings: Settings = {}): Fit {
  const scope = scopeOf(weights, adapter);
  const tensors = new Inventory(scope);
  const lookup = new Lookup(settings, adapter.settings, weights.metadata);
  const fitting = new Fitting(tensors, lookup);
  const layers = rulesFor(adapter, scope.names).flatMap((rule) => fitting.layer(rule) ?? []);
  const positions = adapter.nContext !== undefined || layers.some(isAttention);
  const nContext = positions ? lookup.given(adapter.nContext, "nContext") : undefined;
  const unused = [...scope.names]
    .filter((name) => !tensors.used.has(name) && !matchesAny(name, adapter.ignore ?? []))
    .map(scope.stored);
  const { missing, wrong } = tensors;
  const lacking = settingNames.filter((name) => lookup.lacking.has(name));
  const refused = [
    ...lookup.refused,
    ...lookup.unasked().map((name) => `takes no setting ${name}`),
  ];
  const complaints = [missing, unused, wrong, lacking, refused];
  return {
    adapter,
    fits: layers.length > 0 && complaints.every((list) => list.length === 0),
    used: [...tensors.used].map(scope.stored),
    missing,
    unused,
    wrong,
    settings: [...lookup.found.values()],
    lacking,
    refused,
    layers,
    ...(nContext !== undefined && { nContext }),
  };
}

function isAttention({ kind }: LayerSource): boolean {
  return kind === "attention";
}
