import { sharedEngine } from "../../engine/index.ts";
import { describeNetwork, type Network, parameters } from "../../model/index.ts";
import type { Engine, Precision } from "../../tensor/index.ts";
import { checkAgainst, comparison } from "../comparison.ts";
import { metrics } from "../metric.ts";
import type { SeriesOptions } from "../options.ts";
import { type NamedNetwork, pairOf, type Sequence, type Series, sequenceOf } from "../series.ts";
import { weightsExactFor } from "../weight-pairing.ts";
import { measuredRates } from "./calibration.ts";
import type { Choice, Explanation, Measure } from "./explanation.ts";
import { countLimit } from "./limits.ts";
import { planOf } from "./plan.ts";
import type { Rates } from "./rates.ts";

/** Options of the comparison that {@link explain} is asked about. */
export interface ExplainOptions extends SeriesOptions {
  /** Rates to predict seconds with, in place of those measured here. */
  readonly rates?: Rates | undefined;
}

/**
 * What comparing these networks with these options means and takes, before it is done: which metrics
 * apply to them and which do not and why, which are exact and for what, and the route, engine,
 * operations, bytes and seconds of each. Nothing is compared; the engine is opened, and measured once for
 * at most 50 ms. Of a series the first two networks are looked at.
 *
 * @throws {ShapeError} when a network does not fit together
 * @throws {RangeError} when the series is empty, or there is no such metric or engine
 */
export async function explain(
  a: Network,
  b: Network,
  options?: ExplainOptions,
): Promise<Explanation>;
/** As above, of a series. Throws as above. */
export async function explain(series: Series, options?: ExplainOptions): Promise<Explanation>;
export async function explain(
  first: Network | Series,
  second?: Network | ExplainOptions,
  third?: ExplainOptions,
): Promise<Explanation> {
  const pair = isNetwork(first);
  const sequence = pair ? pairOf(first, second as Network) : sequenceOf(first);
  return explained(sequence, (pair ? third : (second as ExplainOptions | undefined)) ?? {});
}

function isNetwork(subject: Network | Series): subject is Network {
  return "layers" in subject;
}

async function explained(sequence: Sequence, options: ExplainOptions): Promise<Explanation> {
  const known = (await sequence.known()).slice(0, 2);
  const engine =
    typeof options.engine === "object" ? options.engine : await sharedEngine(options.engine);
  const precision =
    options.precision ?? (engine.info.precisions.includes("float64") ? "float64" : "float32");
  const means = {
    engine,
    precision,
    rates: options.rates ?? (await measuredRates(engine, precision)),
  };
  const compared = { ...options, count: sequence.length };
  const all: readonly Measure[] = [...metrics, "weight cosine", "monte carlo"];
  const choices = all.map((measure) => choiceOf(measure, known, compared, means));
  return {
    networks: known.map(({ network }) => describeNetwork(network)),
    count: sequence.length,
    chosen: metricChoice(options.metric, known, compared, means),
    choices: [
      ...choices.filter(({ applies }) => applies),
      ...choices.filter(({ applies }) => !applies),
    ],
  };
}

interface Means {
  readonly engine: Engine;
  readonly precision: Precision;
  readonly rates: Rates;
}
type Compared = ExplainOptions & { readonly count: number };

function choiceOf(
  measure: Measure,
  known: readonly NamedNetwork[],
  options: Compared,
  means: Means,
): Choice {
  if (measure === "weight cosine") return weightChoice(known);
  if (measure === "monte carlo") return monteCarloChoice(known);
  return metricChoice(measure, known, { ...options, symmetrise: undefined }, means);
}

/** The metric asked for, or the one that is taken by default. */
function metricChoice(
  metric: Compared["metric"],
  known: readonly NamedNetwork[],
  options: Compared,
  { engine, precision, rates }: Means,
): Choice {
  try {
    const { rule } = comparison(known, { ...options, metric });
    const [{ network }] = known as [NamedNetwork];
    const limit = countLimit(rule, network, precision);
    if (limit) return { measure: rule.metric, applies: false, why: limit };
    const job = {
      rule,
      network,
      networks: options.count,
      extent: "matrix",
      memory: options.memory,
    } as const;
    return {
      measure: rule.metric,
      applies: true,
      exact: rule.exact,
      exactFor: rule.exactFor,
      plan: planOf(job, { engine: engine.info, precision, rates }),
    };
  } catch (error) {
    if (metric && !metrics.includes(metric)) throw error;
    return refused(metric ?? "recursion", error);
  }
}

/** A comparison that does not fit says so by an error; any other kind of error is one. */
function refused(measure: Measure, error: unknown): Choice {
  if (!(error instanceof Error)) throw error;
  if (error.name !== "RangeError" && error.name !== "ShapeError") throw error;
  return { measure, applies: false, why: error.message };
}

function weightChoice(known: readonly NamedNetwork[]): Choice {
  const shapes = known.map(({ network }) =>
    parameters(network)
      .map(({ name, shape }) => `${name} ${shape.join(" × ")}`)
      .join(),
  );
  return shapes.every((own) => own === shapes[0])
    ? { measure: "weight cosine", applies: true, exact: true, exactFor: weightsExactFor }
    : {
        measure: "weight cosine",
        applies: false,
        why: "Cannot compare the weights of networks whose tensors differ in number or shape",
      };
}

function monteCarloChoice(known: readonly NamedNetwork[]): Choice {
  try {
    for (const found of known) checkAgainst(found, known[0]!, "ends");
    return {
      measure: "monte carlo",
      applies: true,
      exact: false,
      exactFor: "infinitely many random inputs; told with its standard error",
    };
  } catch (error) {
    return refused("monte carlo", error);
  }
}
