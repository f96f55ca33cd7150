import { type Network, type StandardForm, standardForm } from "../model/index.ts";
import { type Matrix, ShapeError, scaled } from "../tensor/index.ts";
import { type Changed, matchedChange, unmatchedChange } from "./change.ts";
import { eigenpairs } from "./decomposition.ts";
import { type SplitMetric, SquaredNorm } from "./quadratic.ts";

/** How {@link attribution} compares two networks. */
export interface AttributionOptions {
  /** Default `symmetric`; `gaussian` is over inputs N(0, I). */
  readonly metric?: SplitMetric | undefined;
  /** Compare a/‖a‖ with b/‖b‖, so that the whole is 2 (1 − cosine). Default false. */
  readonly normalise?: boolean | undefined;
  /**
   * Hidden unit h of a belongs to hidden unit h of b, as in checkpoints of one run. Default true when both
   * have as many. False tells all of them apart: right for networks trained by themselves.
   */
  readonly matched?: boolean | undefined;
}

/** ‖a − b‖² split in five ways; the parts of each sum to the whole. */
export interface Attribution {
  readonly metric: SplitMetric;
  /** ‖a − b‖², the whole. */
  readonly value: number;
  /** ‖a‖ and ‖b‖, before normalising. */
  readonly norms: readonly [a: number, b: number];
  /** [dOut]: by output, at least 0. */
  readonly slices: Float64Array;
  /** By degree, each at least 0; in the Gaussian case the constant is the mean. */
  readonly terms: {
    readonly constant: number;
    readonly linear: number;
    readonly quadratic: number;
  };
  /**
   * [m] when matched, else [m_a + m_b]: by hidden unit, ⟨what changed in it, a − b⟩. Negative where a unit
   * works against the rest. With `remainder` they sum to the whole.
   */
  readonly units: Float64Array;
  /** By what changed in the hidden units: their sum is that of `units`. Only when matched. */
  readonly weights?: { readonly left: number; readonly right: number; readonly down: number };
  /** Biases and residuals: what is in no hidden unit. */
  readonly remainder: number;
  /** [dIn]: by input, at least 0: x_i x_j counts half for i and half for j. With `terms.constant` the whole. */
  readonly inputs: Float64Array;
  /** [dIn, dIn]: vᵀ M v is the share of a unit direction v of the inputs; `inputs` is its diagonal. */
  readonly inputForm: Matrix;
}

/**
 * Where the difference of two networks is: ‖a − b‖² of the network a − b, split by output, by degree, by
 * hidden unit, by weight and by input. Exact for one bilinear layer with any linear maps around it; the
 * parts of each split sum to the whole up to rounding. Slices, terms and inputs depend on the functions
 * only; units and weights on how they are written.
 *
 * With matched hidden units the whole is computed from the change of the weights, however small; else it is
 * what remains of ‖a‖² and ‖b‖², good to about 1e-16 of those.
 *
 * @throws {ShapeError} when a network has not exactly one bilinear layer, dIn or dOut differ, or units are to
 *   be matched that are not as many
 * @throws {RangeError} when there is no such metric, or one to be normalised is 0
 */
export function attribution(
  a: Network,
  b: Network,
  { metric = "symmetric", normalise = false, matched }: AttributionOptions = {},
): Attribution {
  if (!["symmetric", "padded", "gaussian"].includes(metric)) {
    throw new RangeError(
      `Cannot attribute a difference by metric "${metric}": expected symmetric, padded or gaussian`,
    );
  }
  const forms = [standardForm(a), standardForm(b)] as const;
  checkPair(...forms, matched ?? false);
  const norms = forms.map((form) => Math.sqrt(Math.max(new SquaredNorm(form, metric).value, 0)));
  const [x, y] = normalise ? forms.map((form, k) => unit(form, norms[k]!, "ab"[k]!)) : forms;
  const match = matched ?? forms[0].left.shape[0] === forms[1].left.shape[0];
  const change = match ? matchedChange(x!, y!) : unmatchedChange(x!, y!);
  const squared = new SquaredNorm(change, metric);
  const units = new Float64Array(1 + Math.max(...change.sources.map((source) => source.unit)));
  const weights: Record<Changed, number> = { left: 0, right: 0, down: 0, unit: 0 };
  for (const [h, source] of change.sources.entries()) {
    units[source.unit]! += squared.units[h]!;
    weights[source.changed] += squared.units[h]!;
  }
  const [constant, linear, quadratic] = squared.terms;
  const inputForm = squared.inputForm();
  const dIn = inputForm.shape[0];
  return {
    metric,
    value: squared.value,
    norms: [norms[0]!, norms[1]!],
    slices: squared.slices,
    terms: { constant, linear, quadratic },
    units,
    ...(match && { weights: { left: weights.left, right: weights.right, down: weights.down } }),
    remainder: squared.remainder,
    inputs: Float64Array.from({ length: dIn }, (_, i) => inputForm.data[i * dIn + i]!),
    inputForm,
  };
}

/** Directions of the inputs in which two networks differ. */
export interface Directions {
  /** [dIn]: share of each in ‖a − b‖², the largest first. */
  readonly shares: Float64Array;
  /** [dIn, dIn]: one unit vector a row, orthogonal to the others, its largest entry positive. */
  readonly vectors: Matrix;
}

/**
 * The principal directions of a difference: no set of orthogonal directions of the inputs has larger shares
 * in it. The shares and the constant part sum to the whole. About 10 dIn³ operations.
 */
export function principalDirections({ inputForm }: Pick<Attribution, "inputForm">): Directions {
  const { values, vectors } = eigenpairs(inputForm);
  return { shares: values, vectors };
}

/** Indices of parts, the largest in absolute value first; of equal ones the first. */
export function ranked(parts: ArrayLike<number>): number[] {
  return Array.from({ length: parts.length }, (_, i) => i).sort(
    (i, j) => Math.abs(parts[j]!) - Math.abs(parts[i]!) || i - j,
  );
}

function unit(form: StandardForm, norm: number, name: string): StandardForm {
  if (norm === 0) {
    throw new RangeError(`Cannot normalise ${name}: expected a norm above 0, found 0`);
  }
  return {
    ...form,
    constant: form.constant.map((entry) => entry / norm),
    linear: scaled(form.linear, 1 / norm),
    down: scaled(form.down, 1 / norm),
  };
}

function checkPair(a: StandardForm, b: StandardForm, matched: boolean): void {
  for (const [name, axis] of [
    ["inputs", 1],
    ["outputs", 0],
  ] as const) {
    const [found, expected] = [b.linear.shape[axis], a.linear.shape[axis]];
    if (found === expected) continue;
    throw new ShapeError(
      `Cannot attribute a difference: expected ${expected} ${name} as a has, found ${found} of b`,
    );
  }
  const [hidden, other] = [a.left.shape[0], b.left.shape[0]];
  if (!matched || hidden === other) return;
  throw new ShapeError(
    `Cannot match hidden units: expected as many in b as in a, found ${hidden} in a and ${other} in b`,
  );
}
