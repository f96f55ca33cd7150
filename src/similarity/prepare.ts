import type { Engine, Precision } from "../tensor/index.ts";
import { contentKey } from "./cache/content-key.ts";
import { Recall } from "./cache/recall.ts";
import { cacheFor, numberOf, type SimilarityCache } from "./cache/similarity-cache.ts";
import { closureProducts } from "./closure/closure-products.ts";
import { type Comparison, comparison } from "./comparison.ts";
import { polynomialProducts, twoLayerProducts } from "./exact/exact-products.ts";
import type { SimilarityOptions } from "./options.ts";
import { engineFor } from "./plan/engine-for.ts";
import { formsAreWorth, type Job, plannedEngine, planOf } from "./plan/plan.ts";
import { algorithm, type Provenance } from "./provenance.ts";
import type { NamedNetwork, Sequence } from "./series.ts";
import { networkPairing } from "./sweep/network-pairing.ts";
import type { Held, Pairing } from "./sweep/pairing.ts";
import { productPairing } from "./sweep/product-pairing.ts";
import { type Whole, wholeByForms } from "./sweep/whole.ts";

/** Networks ready to be paired, and what their numbers will be. */
export interface Prepared {
  readonly pairing: Pairing<Held>;
  readonly provenance: Provenance;
  /** What a cache knows of them. */
  readonly recall?: Recall;
  /** A way to take all pairs at once, where there is one. */
  readonly whole?: Whole;
}

/** What of the pairs is asked for, and what may be held meanwhile. */
export interface Extent {
  /** `"matrix"`: every pair; `"row"`: each network with one of them, and with itself. */
  readonly extent: Job["extent"];
  readonly memory?: number | undefined;
}

/**
 * Checks the networks that are at hand and decides how all are compared.
 *
 * @param cache - as an option names it; null for none
 * @throws {ShapeError} when they do not fit together
 * @throws {RangeError} when an option does not fit them, or there is no such engine
 */
export async function prepare(
  sequence: Sequence,
  options: SimilarityOptions,
  cache: SimilarityCache | null | undefined,
  { extent, memory }: Extent = { extent: "row" },
): Promise<Prepared> {
  const { signal } = options;
  signal?.throwIfAborted();
  const known = await sequence.known();
  const how = comparison(known, options);
  const [{ network }] = known as [NamedNetwork];
  const job = { rule: how.rule, network, networks: sequence.length, extent, memory };
  const { engine, precision } = await engineFor(job, options);
  const means = { engine, precision, signal };
  const planned = { engine: plannedEngine(engine), precision };
  const provenance = {
    metric: how.rule.metric,
    exact: how.rule.exact,
    exactFor: how.rule.exactFor,
    route: planOf({ ...job, extent: "row" }, planned).route,
    precision,
    engine: engine.info,
    algorithm,
    slice: how.slice,
  };
  const chosen = cacheFor(cache);
  const key = chosen && (await comparisonKey(how, means));
  const worth = (pairs: number) => formsAreWorth(job, planned, pairs);
  const whole = (own: Sequence): Pick<Prepared, "whole"> => {
    const { forms } = engine;
    return forms ? { whole: wholeByForms(own, how, { ...engine, forms }, precision, worth) } : {};
  };
  if (!chosen || key === undefined) {
    return { pairing: pairingBy(sequence, how, means), provenance, ...whole(sequence) };
  }
  const recall = new Recall(chosen, sequence);
  const pairing = pairingBy(recall.sequence, how, means);
  return {
    pairing: recall.keeping(pairing, key, numberOf(engine)),
    provenance,
    recall,
    ...whole(recall.sequence),
  };
}

/** Tells apart any two comparisons that may give two networks other bits. */
function comparisonKey(
  { rule, substitution, positions, plan }: Comparison,
  { engine: { info }, precision }: { engine: Engine; precision: Precision },
): Promise<string | undefined> {
  const { metric, symmetrise, padding, route } = rule;
  const engine = info.deterministic ? info.name : `${info.name}, ${info.threads} threads`;
  const how = { metric, symmetrise, padding, route, substitution, positions, plan };
  return contentKey({ algorithm, ...how, engine, precision });
}

function pairingBy(
  sequence: Sequence,
  how: Comparison,
  means: { engine: Engine; precision: Precision; signal: AbortSignal | undefined },
): Pairing<Held> {
  switch (how.rule.route) {
    case "chain":
      return networkPairing(sequence, how, means.engine, means);
    case "closure":
      return productPairing(sequence, how, closureProducts(how), means);
    case "two layers":
      return productPairing(sequence, how, twoLayerProducts(how), means);
    case "polynomial":
      return productPairing(sequence, how, polynomialProducts(how), means);
  }
}
