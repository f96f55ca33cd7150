import {
  type ChainPlan,
  chainOf,
  chainPlan,
  checkNetwork,
  type Network,
  type NetworkSizes,
  needsPadding,
  type Substitution,
  standardForm,
} from "../model/index.ts";
import { type Chain, ShapeError } from "../tensor/index.ts";
import { gaussianStep } from "./gaussian.ts";
import { substitutionOf } from "./input.ts";
import { type MetricRule, metricRule } from "./metric.ts";
import type { SimilarityOptions } from "./options.ts";
import type { NamedNetwork } from "./series.ts";

/** How networks are compared: decided from the first, then the same for all. */
export interface Comparison {
  readonly rule: MetricRule;
  readonly slice: number | null;
  /** Inputs as a change of variables; undefined for N(0, I). */
  readonly substitution: Substitution | undefined;
  /** Positions of an input. */
  readonly positions: number;
  /** How networks become chains, where they do. */
  readonly plan: ChainPlan;
  /** @throws {ShapeError} when the network does not fit together, or not with the first */
  check(found: NamedNetwork): void;
  /**
   * The chain whose recursion is the inner product.
   *
   * @throws {ShapeError} when the network does not fit together, or not with the first
   */
  chain(found: NamedNetwork): Chain;
}

/**
 * @param known - the networks at hand, at least one; the rest of a series follows later
 * @throws {RangeError} when metric, slice or input do not fit these networks
 */
export function comparison(known: readonly NamedNetwork[], options: SimilarityOptions): Comparison {
  const [first] = known;
  const expected = checkNetwork(first!.network, first!.name);
  // Each takes a look at every weight.
  const checked = new WeakSet<Network>([first!.network]);
  const check = (found: NamedNetwork) => {
    if (checked.has(found.network)) return;
    checkSizes(checkNetwork(found.network, found.name), found, expected, first!, "layers too");
    checked.add(found.network);
  };
  for (const found of known) check(found);
  const rule = metricRule(expected, options.metric, options.symmetrise ?? true);
  const slice = checkSlice(options.slice ?? null, expected.dOut);
  const substitution = substitutionOf(options.input, expected.dIn, rule.metric);
  const networks = known.map(({ network }) => network);
  const padded =
    rule.padding === "always" || (rule.padding === "when needed" && networks.some(needsPadding));
  const plan = chainPlan(networks, padded);
  return {
    rule,
    slice,
    substitution,
    positions: expected.nContext,
    plan,
    check,
    chain(found) {
      check(found);
      if (rule.metric === "gaussian" || rule.metric === "exact gaussian") {
        return { steps: [gaussianStep(standardForm(found.network, substitution))] };
      }
      if (rule.padding === "when needed" && !padded && needsPadding(found.network)) {
        throw new ShapeError(
          `Cannot compare "${found.name}" with "${first!.name}": expected no biases and no residual, found some`,
        );
      }
      return chainOf(found.network, plan);
    },
  };
}

/**
 * @param extent - whether only inputs and outputs must agree, or the kinds of layers too
 * @throws {ShapeError} when the network does not fit together, or not with the first
 */
export function checkAgainst(
  found: NamedNetwork,
  first: NamedNetwork,
  extent: "ends" | "layers too",
): void {
  const sizes = checkNetwork(found.network, found.name);
  checkSizes(sizes, found, checkNetwork(first.network, first.name), first, extent);
}

function checkSizes(
  sizes: NetworkSizes,
  found: NamedNetwork,
  expected: NetworkSizes,
  first: NamedNetwork,
  extent: "ends" | "layers too",
): void {
  const alike = sizes.attention + expected.attention === 0;
  const kinds = ({ network }: NamedNetwork) =>
    network.layers.flatMap(({ kind }) => (kind === "linear" ? [] : [kind])).join(", ") || "none";
  const axes = [
    ["dIn", sizes.dIn, expected.dIn],
    ["dOut", sizes.dOut, expected.dOut],
    extent === "ends"
      ? ["nContext", sizes.nContext, expected.nContext]
      : alike
        ? ["number of bilinear layers", sizes.nonlinear, expected.nonlinear]
        : ["layers that are not linear", kinds(found), kinds(first)],
    ["nContext", sizes.nContext, expected.nContext],
  ] as const;
  for (const [axis, is, should] of axes) {
    if (is === should) continue;
    throw new ShapeError(
      `Cannot compare "${found.name}" with "${first.name}": expected ${axis} ${should}, found ${is}`,
    );
  }
}

export function checkSlice(slice: number | null, dOut: number): number | null {
  if (slice === null || (Number.isInteger(slice) && slice >= 0 && slice < dOut)) return slice;
  throw new RangeError(
    `Cannot compare slice ${slice}: expected an output from 0 to ${dOut - 1}, found ${slice}`,
  );
}
