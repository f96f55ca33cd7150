import { dInOf, type Network } from "../model/index.ts";
import { type Expansion, type ExpansionOptions, expansion } from "../similarity/index.ts";
import { type Matrix, matrix, ShapeError } from "../tensor/index.ts";

/** How {@link functionAttribution} splits a difference. */
export interface FunctionAttributionOptions extends ExpansionOptions {
  /** Compare a/‖a‖ with b/‖b‖, so that the whole is 2 (1 − cosine). Default false. */
  readonly normalise?: boolean | undefined;
}

/** ‖a − b‖² of two functions split in three ways; the parts of each sum to the whole. */
export interface FunctionAttribution {
  readonly metric: NonNullable<ExpansionOptions["metric"]>;
  /** ‖a − b‖², the whole. */
  readonly value: number;
  /** ‖a‖ and ‖b‖, before normalising. */
  readonly norms: readonly [a: number, b: number];
  /** [dOut]: by output, at least 0. */
  readonly slices: Float64Array;
  /**
   * [degree + 1]: by degree, at least 0. In `exact gaussian` degree k is what is left of the function once
   * everything of lower degree is taken out (its Hermite polynomials of degree k), so the first is the mean.
   */
  readonly terms: Float64Array;
  /** [dIn]: by input, at least 0: a product of k inputs counts 1/k for each. With `terms[0]` the whole. */
  readonly inputs: Float64Array;
  /** [dIn, dIn]: vᵀ M v is the share of a unit direction v of the inputs; `inputs` is its diagonal. */
  readonly inputForm: Matrix;
}

/**
 * Where the difference of two networks of bilinear layers is, however many and whatever their units: the
 * function a − b is written out in an orthonormal basis, so ‖a − b‖² is a sum of squares, split by output,
 * by degree and by input. Exact; for few inputs, see `expansion`. Depends on the functions only.
 *
 * A term of degree k is a symmetric tensor T of k indices, and
 *
 *     M = Σ over outputs and degrees k ≥ 1 of Σ_J T[·, J] T[·, J]ᵀ,   J all k − 1 other indices
 *
 * {@link principalDirections} takes the result. For one bilinear layer of any size see `attribution`, for
 * layers and heads `partAttribution`.
 *
 * @throws {ShapeError} when a network does not fit together, or dIn, dOut or degree differ
 * @throws {RangeError} as `expansion`, when one to be normalised is 0, or the whole is not finite
 * @throws the signal's reason after it aborts
 */
export async function functionAttribution(
  a: Network,
  b: Network,
  { normalise = false, metric = "exact gaussian", ...rest }: FunctionAttributionOptions = {},
): Promise<FunctionAttribution> {
  const forms = [
    await expansion(a, { ...rest, metric }),
    await expansion(b, { ...rest, metric }),
  ] as const;
  const dIn = dInOf(a.layers[0]!);
  checkAlike(forms, [dIn, dInOf(b.layers[0]!)]);
  const norms = forms.map(({ data }) => norm(data)) as [number, number];
  const units = normalise ? norms : [1, 1];
  for (const [k, unit] of units.entries()) {
    if (unit > 0) continue;
    throw new RangeError(`Cannot normalise ${"ab"[k]}: expected a norm above 0, found 0`);
  }
  const { shape, exponents } = forms[0];
  const data = forms[0].data.map((entry, at) => entry / units[0]! - forms[1].data[at]! / units[1]!);
  const change: Change = { shape, exponents, data, dIn, degrees: degreesOf(exponents, dIn) };
  const slices = new Float64Array(shape[0]);
  const terms = new Float64Array(1 + Math.max(...change.degrees));
  for (const [at, entry] of data.entries()) {
    slices[Math.floor(at / shape[1])]! += entry * entry;
    terms[change.degrees[at % shape[1]]!]! += entry * entry;
  }
  const value = slices.reduce((sum, slice) => sum + slice, 0);
  if (!Number.isFinite(value)) {
    throw new RangeError(
      "Cannot attribute a difference: expected inner products in the range of float64, found one beyond it",
    );
  }
  const inputForm = inputFormOf(change);
  const inputs = Float64Array.from({ length: dIn }, (_, i) => inputForm.data[i * (dIn + 1)]!);
  return { metric, value, norms, slices, terms, inputs, inputForm };
}

interface Change extends Expansion {
  readonly dIn: number;
  /** [terms] */
  readonly degrees: Uint16Array;
}

/**
 * M: T[i, J] of the monomial J + i of degree k is its coefficient times √((J + i)! / k!), and (k − 1)! / J!
 * orders of J have the same, so that each J adds c_{J+i} c_{J+j} √((J_i + 1)(J_j + 1)) / k.
 */
function inputFormOf({ shape: [outputs, terms], exponents, data, dIn, degrees }: Change): Matrix {
  const form = matrix(dIn, dIn);
  // By J, the monomials J + i there are.
  const raised = new Map<string, { readonly i: number; readonly at: number }[]>();
  for (let at = 0; at < terms; at++) {
    const own = exponents.slice(at * dIn, (at + 1) * dIn);
    for (let i = 0; i < dIn; i++) {
      if (own[i] === 0) continue;
      own[i]! -= 1;
      const key = own.join();
      own[i]! += 1;
      raised.set(key, [...(raised.get(key) ?? []), { i, at }]);
    }
  }
  for (const all of raised.values()) {
    const k = degrees[all[0]!.at]!;
    for (const x of all) {
      for (const y of all) {
        const both = exponents[x.at * dIn + x.i]! * exponents[y.at * dIn + y.i]!;
        let dot = 0;
        for (let o = 0; o < outputs; o++) dot += data[o * terms + x.at]! * data[o * terms + y.at]!;
        form.data[x.i * dIn + y.i]! += (Math.sqrt(both) / k) * dot;
      }
    }
  }
  return form;
}

function degreesOf(exponents: Uint8Array, dIn: number): Uint16Array {
  return Uint16Array.from({ length: exponents.length / dIn }, (_, at) =>
    exponents.subarray(at * dIn, (at + 1) * dIn).reduce((sum, exponent) => sum + exponent, 0),
  );
}

/** Euclidean, of entries of any size. */
function norm(data: Float64Array): number {
  const largest = data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  return largest * Math.sqrt(data.reduce((sum, entry) => sum + (entry / largest) ** 2, 0));
}

function checkAlike(
  [a, b]: readonly [Expansion, Expansion],
  [inputsOfA, inputsOfB]: readonly [number, number],
): void {
  const axes = [
    ["inputs", inputsOfA, inputsOfB],
    ["outputs", a.shape[0], b.shape[0]],
    ["coefficients", a.shape[1], b.shape[1]],
  ] as const;
  for (const [name, expected, found] of axes) {
    if (expected === found) continue;
    throw new ShapeError(
      `Cannot attribute a difference: expected ${expected} ${name} as a has, found ${found} of b`,
    );
  }
}
