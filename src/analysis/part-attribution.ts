import type { Network } from "../model/index.ts";
import { innerProduct, type Provenance, type SimilarityOptions } from "../similarity/index.ts";
import { type Part, type Parts, partsOf, withPart } from "./replacement.ts";

/** Into which parts {@link partAttribution} splits, and by which inner product. */
export interface PartOptions extends SimilarityOptions {
  /**
   * `"layers"` (default); `"heads"`: each attention head by itself, other layers whole; `"tensors"`: each
   * tensor of each layer, and each setting that differs.
   */
  readonly by?: Parts | undefined;
  /** Told how many of the inner products are done. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** ‖a − b‖² split over the parts of two networks that are built alike. */
export interface PartAttribution extends Provenance {
  /** ‖a − b‖² = ⟨a, a⟩ − 2⟨a, b⟩ + ⟨b, b⟩ (of the slice, when there is one). */
  readonly value: number;
  readonly norms: readonly [a: number, b: number];
  readonly parts: readonly Pick<Part, "layer" | "name">[];
  /** [parts]: they sum to the whole; negative where a part's change works against the others. */
  readonly shares: Float64Array;
}

/**
 * Which layers, heads or tensors make the difference of two networks built alike, e.g. checkpoints of one
 * run. From b to a the parts are replaced one by one, b = f₀, f₁, …, f_K = a, and
 *
 *     share of part k = ⟨f_k − f_{k−1}, a − b⟩
 *
 * which sum to ‖a − b‖². As a share depends on what was replaced before, it is the mean over the order of
 * the parts and its reverse; where one part alone changed it has all, in any order. Any depth and metric;
 * 4 inner products a part. Good to about 1e-16 of ‖a‖² + ‖b‖²: where the change is small and there is one
 * bilinear layer, {@link attribution} sees further. As exact as the metric, which the result says.
 *
 * @throws {ShapeError} when the networks are not built alike
 * @throws {RangeError} when an option does not fit them, or an inner product is beyond the range of float64
 * @throws the signal's reason after it aborts
 */
export async function partAttribution(
  a: Network,
  b: Network,
  { by = "layers", progress, ...options }: PartOptions = {},
): Promise<PartAttribution> {
  const parts = partsOf(a, b, by);
  const total = 4 * parts.length;
  let done = 0;
  const along = async (network: Network): Promise<number> => {
    const withA = (await innerProduct(network, a, options)).value;
    progress?.(++done, total);
    const withB = (await innerProduct(network, b, options)).value;
    progress?.(++done, total);
    if (Number.isFinite(withA - withB)) return withA - withB;
    throw new RangeError(
      "Cannot attribute a difference: expected inner products in the range of float64, found one beyond it",
    );
  };
  progress?.(done, total);
  const { value: _, norms, ...provenance } = await innerProduct(a, b, options);
  const [start, end] = [await along(b), await along(a)];
  const shares = new Float64Array(parts.length);
  const order = Array.from(parts.keys());
  for (const sequence of [order, order.toReversed()]) {
    let network = b;
    let before = start;
    for (const [k, part] of sequence.entries()) {
      network = withPart(network, parts[part]!, a);
      const after = k === sequence.length - 1 ? end : await along(network);
      shares[part]! += (after - before) / 2;
      before = after;
    }
  }
  return {
    value: end - start,
    norms,
    parts: parts.map(({ layer, name }) => ({ layer, name })),
    shares,
    ...provenance,
  };
}
