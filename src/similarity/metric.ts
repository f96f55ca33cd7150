import type { NetworkSizes } from "../model/index.ts";

/**
 * Which inner product is taken. All are linear in each network, symmetric, and not negative for a
 * network with itself; they differ in what they call different.
 *
 * - `symmetric` — one bilinear layer: the symmetrised tensors, that is the part of degree 2 of the
 *   functions. Biases, residual and linear terms do not count.
 * - `frobenius` — one bilinear layer: the tensors as they are, L and R told apart.
 * - `padded` — one bilinear layer: the symmetric tensors over (1, x), so that the parts of degree 0, 1
 *   and 2 count 1, ½ and 1 times.
 * - `gaussian` — one bilinear layer: E[f_a(x)·f_b(x)] over normal inputs.
 * - `recursion` — any depth: the tensors contracted as they are drawn, each layer symmetrised in its two
 *   inputs (arXiv 2605.15183); on the wire (1, x) when there is a bias or a residual.
 * - `frobenius recursion` — the same without symmetrising.
 * - `closure` — any layers: E[Σ_t f_a(x)[t]·f_b(x)[t]] over normal inputs, independent from position to
 *   position, every wire between layers taken to be normal. Exact with one layer that is not linear,
 *   approximate with more: it can be far off for small or structured networks, norms more than cosines.
 * - `exact gaussian` — what `gaussian` and `closure` stand for, exact: two bilinear layers at practical
 *   sizes, any number with few inputs (these of one position), or one layer of attention.
 * - `exact symmetric` — `symmetric` for any number of bilinear layers: the symmetric tensors of the
 *   composed functions, that is their parts of highest degree. Sizes as `exact gaussian`.
 */
export type Metric =
  | "symmetric"
  | "frobenius"
  | "padded"
  | "gaussian"
  | "recursion"
  | "frobenius recursion"
  | "closure"
  | "exact gaussian"
  | "exact symmetric";

/**
 * How a number is computed: as a recursion over tensors, by walking moments through the layers, or from the
 * polynomials the networks are, of two layers or of any number.
 */
export type Route = "chain" | "closure" | "two layers" | "polynomial";

/** A metric with what it takes to compute it. */
export interface MetricRule {
  readonly metric: Metric;
  readonly symmetrise: boolean;
  /** Whether biases and residuals count: never, always, or only when there are any. */
  readonly padding: "never" | "always" | "when needed";
  /** False when the number approximates what it stands for. */
  readonly exact: boolean;
  readonly route: Route;
  /** What the number is the exact value of: the rest of a sentence that starts with "Exact for". */
  readonly exactFor: string;
}

type Rule = Omit<MetricRule, "metric" | "exact" | "route">;

const gaussian =
  "the expected product of the outputs over normal inputs: 1 if and only if one function is a positive multiple of the other wherever inputs fall";

const rules: Readonly<Record<Metric, Rule>> = {
  symmetric: {
    symmetrise: true,
    padding: "never",
    exactFor:
      "the parts of degree 2 of the two functions: 1 if and only if one is a positive multiple of the other; biases, residual and linear terms do not count",
  },
  frobenius: {
    symmetrise: false,
    padding: "never",
    exactFor:
      "the tensors as they are stored, left and right told apart: one function can be written as two different tensors; biases, residual and linear terms do not count",
  },
  padded: {
    symmetrise: true,
    padding: "always",
    exactFor:
      "the two functions as symmetric tensors over (1, x): 1 if and only if one is a positive multiple of the other; the parts of degree 0, 1 and 2 count 1, ½ and 1 times",
  },
  gaussian: {
    symmetrise: true,
    padding: "always",
    exactFor: gaussian,
  },
  recursion: {
    symmetrise: true,
    padding: "when needed",
    exactFor:
      "the tensors contracted as they are drawn, each layer symmetrised in its two inputs: from two bilinear layers on, two networks that are one function can score below 1",
  },
  "frobenius recursion": {
    symmetrise: false,
    padding: "when needed",
    exactFor:
      "the tensors contracted as they are drawn, left and right told apart in every layer: one function can be written as two different tensors",
  },
  closure: { symmetrise: true, padding: "when needed", exactFor: gaussian },
  "exact gaussian": { symmetrise: true, padding: "when needed", exactFor: gaussian },
  "exact symmetric": {
    symmetrise: true,
    padding: "when needed",
    exactFor:
      "the parts of highest degree of the two functions: 1 if and only if one is a positive multiple of the other; lower degrees do not count",
  },
};

/** The names of all metrics. */
export const metrics: readonly Metric[] = Object.keys(rules) as Metric[];

/** The metrics without symmetrising, by the metric they belong to. */
const unsymmetrised: Partial<Record<Metric, Metric>> = {
  symmetric: "frobenius",
  recursion: "frobenius recursion",
};

/** Of the closure from two layers on. */
const approximated =
  "networks of one layer that is not linear; these have more, so the wires between layers are taken to be normal, which has no bound on its error";

/**
 * The rule to use on networks of these sizes: the metric asked for, by default `symmetric` for one
 * bilinear layer, `closure` where there is attention and `recursion` for anything else; `symmetrise:
 * false` takes the metric's form without symmetrising.
 *
 * @throws {RangeError} when there is no such metric, or it does not fit the networks
 */
export function metricRule(
  { nonlinear, attention }: Pick<NetworkSizes, "nonlinear" | "attention">,
  asked: Metric | undefined,
  symmetrise: boolean,
): MetricRule {
  const natural = attention > 0 ? "closure" : nonlinear === 1 ? "symmetric" : "recursion";
  let metric = asked ?? natural;
  if (!Object.hasOwn(rules, metric)) {
    throw new RangeError(
      `Cannot compare networks by metric "${metric}": expected one of ${metrics.join(", ")}`,
    );
  }
  if (!symmetrise && rules[metric].symmetrise) {
    const other = unsymmetrised[metric];
    if (!other) {
      throw new RangeError(
        `Cannot compare networks by metric "${metric}" without symmetrising: expected symmetric, frobenius, recursion or frobenius recursion`,
      );
    }
    metric = other;
  }
  const route = routeOf(metric, nonlinear, attention);
  if (attention > 0 && route !== "closure") {
    throw new RangeError(
      `Cannot compare networks by metric "${metric}": expected no attention layer, found ${attention}; "closure" takes any layers`,
    );
  }
  const rule = rules[metric];
  if (nonlinear !== 1 && rule.padding !== "when needed") {
    throw new RangeError(
      `Cannot compare networks by metric "${metric}": expected 1 bilinear layer, found ${nonlinear}; "recursion" takes any number`,
    );
  }
  const exact = route !== "closure" || nonlinear <= 1;
  return {
    metric,
    ...rule,
    route,
    exact,
    // One layer is its part of highest degree as it stands.
    ...(metric === "exact symmetric" && route === "chain" ? { padding: "never" } : {}),
    ...(exact ? {} : { exactFor: approximated }),
  };
}

function routeOf(metric: Metric, nonlinear: number, attention: number): Route {
  if (metric === "closure") return "closure";
  if (metric === "exact gaussian" && attention === 1 && nonlinear === 1) return "closure";
  if (metric !== "exact gaussian" && metric !== "exact symmetric") return "chain";
  if (nonlinear === 1) return "chain";
  return nonlinear === 2 ? "two layers" : "polynomial";
}
