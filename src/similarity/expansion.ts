import { sharedEngine } from "../engine/index.ts";
import { checkNetwork, type Network } from "../model/index.ts";
import { matrix } from "../tensor/index.ts";
import { arithmeticOf } from "./closure/arithmetic.ts";
import { orthonormal, polynomialOf, topTensor } from "./exact/polynomial.ts";
import { normalised } from "./normalised.ts";
import type { SimilarityOptions } from "./options.ts";
import { breath } from "./sweep/breath.ts";

/** The metrics in which a network can be written out. */
export type ExpansionMetric = "exact gaussian" | "exact symmetric";

/** Options of {@link expansion}. */
export interface ExpansionOptions extends Pick<SimilarityOptions, "engine" | "signal"> {
  /** Default `exact gaussian`, over inputs N(0, I). */
  readonly metric?: ExpansionMetric | undefined;
}

/** A network of bilinear layers as a polynomial, in an orthonormal basis. */
export interface Expansion {
  readonly shape: readonly [outputs: number, terms: number];
  /** [dOut, terms]: ⟨f, g⟩ of a metric is the sum of products of the coefficients of f and g. */
  readonly data: Float64Array;
  /**
   * [terms, dIn]: exponents of each monomial. In `exact gaussian` it stands for the product of the Hermite
   * polynomials He_e / √e! of these degrees; in `exact symmetric` for the entries of the symmetric tensor of
   * highest degree with these indices.
   */
  readonly exponents: Uint8Array;
}

/**
 * All coefficients of a network of L bilinear layers with linear maps around them, exact:
 * C(dIn + 2^L, 2^L) for each output, those of lower degree first.
 *
 * @returns coefficients infinite beyond the range of float64
 * @throws {RangeError} when the network has attention, no bilinear layer or too many coefficients
 * @throws {ShapeError} when the network does not fit together
 */
export async function expansion(
  network: Network,
  { metric = "exact gaussian", engine: asked, signal }: ExpansionOptions = {},
): Promise<Expansion> {
  const { attention, nonlinear } = checkNetwork(network);
  if (attention > 0 || nonlinear === 0) {
    throw new RangeError(
      `Cannot write a network out: expected bilinear layers and no attention, found ${nonlinear - attention} and ${attention}`,
    );
  }
  if (!["exact gaussian", "exact symmetric"].includes(metric)) {
    throw new RangeError(
      `Cannot write a network out by metric "${metric}": expected exact gaussian or exact symmetric`,
    );
  }
  const engine = typeof asked === "object" ? asked : await sharedEngine(asked);
  const turn = breath();
  const pause = async () => {
    await turn();
    signal?.throwIfAborted();
  };
  await pause();
  const { network: ordinary, exponent } = normalised(network, undefined);
  const arithmetic = arithmeticOf(engine, pause, signal);
  const { monomials, coefficients } = await polynomialOf(ordinary, undefined, arithmetic);
  const top = metric === "exact symmetric";
  const table = top ? topTensor(monomials, coefficients) : orthonormal(monomials, coefficients);
  const { shape, data } = matrix(...table.shape, table.data);
  const first = monomials.count - shape[1];
  return {
    shape,
    data: Float64Array.from(data, (entry) => entry * 2 ** exponent),
    exponents: monomials.exponents.slice(first * monomials.variables),
  };
}
