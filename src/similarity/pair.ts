import type { Network } from "../model/index.ts";
import type { SimilarityOptions } from "./options.ts";
import { prepare } from "./prepare.ts";
import type { Provenance } from "./provenance.ts";
import { pairOf } from "./series.ts";
import { collected } from "./sweep/collect.ts";
import type { Gram, Slices } from "./sweep/gram.ts";

/** A number that compares two networks. */
export interface PairResult extends Provenance {
  readonly value: number;
  /** ‖a‖ and ‖b‖ in the same metric (of the slice, when there is one). */
  readonly norms: readonly [a: number, b: number];
}

/** The cosines of two networks, output by output. */
export interface SlicesResult extends Provenance {
  readonly shape: readonly [outputs: number];
  /** [dOut]: cosine of each output; NaN where it is undefined. */
  readonly data: Float64Array;
  /** [dOut]: inner product of each output; their sum is that of the networks. */
  readonly products: Float64Array;
  /** Outputs whose norm is below 1e-7 of the network's in a or b, so that rounding decides the cosine. */
  readonly undefinedAt: readonly number[];
  readonly norms: readonly [a: number, b: number];
}

/**
 * The inner product ⟨a, b⟩ of two networks as tensors, see {@link Metric}. For one bilinear layer
 * x ↦ D(Lx ⊙ Rx), with T[o, i, j] the symmetric part of Σ_h D[o, h] L[h, i] R[h, j],
 *
 *     ⟨a, b⟩ = Σ T_a ⊙ T_b = ½ Σ (D_aᵀD_b) ⊙ [ (L_aL_bᵀ) ⊙ (R_aR_bᵀ) + (L_aR_bᵀ) ⊙ (R_aL_bᵀ) ]
 *
 * so the tensors are never built (arXiv 2605.15183). Hidden and wire sizes of a and b may differ.
 *
 * @returns value: without unit, infinite beyond the range of float64
 * @throws {ShapeError} when a network does not fit together, or dIn, dOut or depth differ
 * @throws {RangeError} when metric, slice, input or precision do not fit
 */
export async function innerProduct(
  a: Network,
  b: Network,
  options: SimilarityOptions = {},
): Promise<PairResult> {
  return pairResult(a, b, options, (gram) => gram.product(0, 0, 1));
}

/**
 * Tensor similarity: the cosine ⟨a, b⟩ / (‖a‖ ‖b‖), in [-1, 1] up to rounding (not clamped); 0 when a
 * norm is 0. With `slice`, of one output; NaN when that output's norm is below 1e-7 of its network's.
 * Throws as {@link innerProduct}.
 */
export async function similarity(
  a: Network,
  b: Network,
  options: SimilarityOptions = {},
): Promise<PairResult> {
  return pairResult(a, b, options, (gram) => gram.cosine(0, 0, 1));
}

/**
 * The distance ‖a − b‖ = √(⟨a, a⟩ − 2⟨a, b⟩ + ⟨b, b⟩), at least 0. The terms cancel, so a distance below
 * about 1e-8 of the norms is rounding. Throws as {@link innerProduct}.
 */
export async function distance(
  a: Network,
  b: Network,
  options: SimilarityOptions = {},
): Promise<PairResult> {
  return pairResult(a, b, options, (gram) => {
    const square = gram.product(0, 0, 0) - 2 * gram.product(0, 0, 1) + gram.product(0, 1, 1);
    return Math.sqrt(Math.max(square, 0));
  });
}

/** The {@link similarity} of each output by itself. Throws as {@link innerProduct}. */
export async function slices(
  a: Network,
  b: Network,
  options: Omit<SimilarityOptions, "slice"> = {},
): Promise<SlicesResult> {
  const { gram, provenance } = await compared(a, b, { ...options, slice: null }, "each");
  const outputs = Array.from({ length: gram.tables }, (_, o) => o);
  return {
    shape: [outputs.length],
    data: Float64Array.from(outputs, (o) => gram.cosine(o, 0, 1)),
    products: Float64Array.from(outputs, (o) => gram.product(o, 0, 1)),
    undefinedAt: outputs.filter((o) => gram.isUndefined(o, 0) || gram.isUndefined(o, 1)),
    norms: [gram.whole(0), gram.whole(1)],
    ...provenance,
  };
}

async function pairResult(
  a: Network,
  b: Network,
  options: SimilarityOptions,
  value: (gram: Gram) => number,
): Promise<PairResult> {
  const { gram, provenance } = await compared(a, b, options, options.slice ?? null);
  return { value: value(gram), norms: [gram.norm(0, 0), gram.norm(0, 1)], ...provenance };
}

async function compared(
  a: Network,
  b: Network,
  options: SimilarityOptions,
  kept: Slices,
): Promise<{ readonly gram: Gram; readonly provenance: Provenance }> {
  const { pairing, provenance } = await prepare(pairOf(a, b), options, null);
  // Both fit whatever their size: there are only two.
  const memory = Number.POSITIVE_INFINITY;
  const { gram } = await collected(pairing, kept, { signal: options.signal, memory });
  return { gram, provenance };
}
