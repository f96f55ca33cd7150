import { sharedEngine } from "../../engine/index.ts";
import { describeNetwork, type Network, parameters } from "../../model/index.ts";
import { checkAgainst, comparison } from "../comparison.ts";
import { metrics } from "../metric.ts";
import type { SeriesOptions } from "../options.ts";
import { type NamedNetwork, pairOf, type Sequence, type Series, sequenceOf } from "../series.ts";
import { weightsExactFor } from "../weights/weight-pairing.ts";
import { measuredRates } from "./calibration.ts";
import { engineFor } from "./engine-for.ts";
import type { Choice, Explanation, Measure } from "./explanation.ts";
import { countLimit } from "./limits.ts";
import { plannedEngine, planOf } from "./plan.ts";
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
  // Whether there is that engine at all is no question of metrics.
  if (typeof options.engine === "string") await sharedEngine(options.engine);
  const compared = { ...options, count: sequence.length };
  const all: readonly Measure[] = [...metrics, "weight cosine", "monte carlo"];
  const choices: Choice[] = [];
  for (const measure of all) choices.push(await choiceOf(measure, known, compared));
  return {
    networks: known.map(({ network }) => describeNetwork(network)),
    count: sequence.length,
    chosen: await metricChoice(options.metric, known, compared),
    choices: [
      ...choices.filter(({ applies }) => applies),
      ...choices.filter(({ applies }) => !applies),
    ],
  };
}

type Compared = ExplainOptions & { readonly count: number };

async function choiceOf(
  measure: Measure,
  known: readonly NamedNetwork[],
  options: Compared,
): Promise<Choice> {
  if (measure === "weight cosine") return weightChoice(known);
  if (measure === "monte carlo") return monteCarloChoice(known);
  return metricChoice(measure, known, { ...options, symmetrise: undefined });
}

/** The metric asked for, or the one that is taken by default. */
async function metricChoice(
  metric: Compared["metric"],
  known: readonly NamedNetwork[],
  options: Compared,
): Promise<Choice> {
  try {
    const { rule } = comparison(known, { ...options, metric });
    const [{ network }] = known as [NamedNetwork];
    const job = {
      rule,
      network,
      networks: options.count,
      extent: "matrix",
      memory: options.memory,
    } as const;
    const { engine, precision } = await engineFor(job, options);
    const limit = countLimit(rule, network, precision);
    if (limit) return { measure: rule.metric, applies: false, why: limit };
    const rates = options.rates ?? (await measuredRates(engine, precision));
    return {
      measure: rule.metric,
      applies: true,
      exact: rule.exact,
      exactFor: rule.exactFor,
      plan: planOf(job, { engine: plannedEngine(engine), precision, rates }),
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
