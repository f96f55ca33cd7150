import { sharedEngine } from "../engine/index.ts";
import type { Engine, EngineInfo, Precision } from "../tensor/index.ts";
import { closureProducts } from "./closure/closure-products.ts";
import { type Comparison, comparison } from "./comparison.ts";
import { polynomialProducts, twoLayerProducts } from "./exact/exact-products.ts";
import { algorithm, type Provenance, type SimilarityOptions } from "./options.ts";
import { type Held, networkPairing, type Pairing } from "./pairing.ts";
import { productPairing } from "./product-pairing.ts";
import type { Sequence } from "./series.ts";

/** Networks ready to be paired, and what their numbers will be. */
export interface Prepared {
  readonly pairing: Pairing<Held>;
  readonly provenance: Provenance;
}

/**
 * Checks the networks that are at hand and decides how all are compared.
 *
 * @throws {ShapeError} when they do not fit together
 * @throws {RangeError} when an option does not fit them, or there is no such engine
 */
export async function prepare(sequence: Sequence, options: SimilarityOptions): Promise<Prepared> {
  const { engine: asked, signal } = options;
  signal?.throwIfAborted();
  const how = comparison(await sequence.known(), options);
  const engine = typeof asked === "object" ? asked : await sharedEngine(asked);
  const precision = options.precision ?? bestOf(engine.info);
  return {
    pairing: pairingBy(sequence, how, { engine, precision, signal }),
    provenance: {
      metric: how.rule.metric,
      exact: how.rule.exact,
      exactFor: how.rule.exactFor,
      precision,
      engine: engine.info,
      algorithm,
      slice: how.slice,
    },
  };
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

/** float64, unless the engine has only float32. */
function bestOf({ precisions }: EngineInfo): Precision {
  return precisions.includes("float64") ? "float64" : "float32";
}
