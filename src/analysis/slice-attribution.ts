import type { Network } from "../model/index.ts";
import { type Provenance, type SimilarityOptions, slices } from "../similarity/index.ts";

/** ‖a − b‖² of two networks split over their outputs. */
export interface SliceAttribution extends Provenance {
  /** ‖a − b‖² = ⟨a, a⟩ − 2⟨a, b⟩ + ⟨b, b⟩ */
  readonly value: number;
  /** ‖a‖ and ‖b‖. */
  readonly norms: readonly [a: number, b: number];
  /** [dOut]: by output; they sum to the whole, and are at least 0 up to rounding. */
  readonly slices: Float64Array;
}

/**
 * In which outputs two networks differ, by any metric and at any depth, attention included: ‖a − b‖² of each
 * output by itself. Good to about 1e-16 of ‖a‖² + ‖b‖²: where the change is small and there is one bilinear
 * layer, {@link attribution} sees further. As exact as the metric, which the result says.
 *
 * @throws {ShapeError} when the networks do not fit together
 * @throws {RangeError} when an option does not fit them, or an inner product is beyond the range of float64
 * @throws the signal's reason after it aborts
 */
export async function sliceAttribution(
  a: Network,
  b: Network,
  options: Omit<SimilarityOptions, "slice"> = {},
): Promise<SliceAttribution> {
  const {
    products: crossed,
    norms,
    data: _,
    shape: _shape,
    undefinedAt: _at,
    ...provenance
  } = await slices(a, b, options);
  const own = (await slices(a, a, options)).products;
  const other = (await slices(b, b, options)).products;
  const parts = crossed.map((product, o) => own[o]! - 2 * product + other[o]!);
  const value = parts.reduce((sum, part) => sum + part, 0);
  if (!Number.isFinite(value)) {
    throw new RangeError(
      "Cannot attribute a difference: expected inner products in the range of float64, found one beyond it",
    );
  }
  return { value, norms, slices: parts, ...provenance };
}
