import type { StepSizes } from "../../engine/index.ts";
import { chainPlan, type Network, needsPadding } from "../../model/index.ts";
import type { Engine, EngineInfo, Precision } from "../../tensor/index.ts";
import type { MetricRule } from "../metric.ts";
import { chainSizes } from "./chain-sizes.ts";
import { type Cost, formsCost, gramCost } from "./cost.ts";
import { closureCost, polynomialCost, twoLayerCost } from "./layer-cost.ts";
import { nominalRates, type Rates } from "./rates.ts";

/**
 * A way to compute inner products. `gram` and `forms` are two for the recursion of chains: pair by pair
 * through the Gram matrices of hidden units, or through the quadratic forms of each network, written out.
 */
export type PlannedRoute = "gram" | "forms" | "closure" | "two layers" | "polynomial";

/** What is going to be computed, how, and what it takes. */
export interface Plan {
  readonly route: PlannedRoute;
  /** Name of the engine. */
  readonly engine: string;
  readonly threads: number;
  readonly precision: Precision;
  readonly networks: number;
  /** Inner products taken. */
  readonly pairs: number;
  /** Pairs asked for in one call of the engine. */
  readonly batch: number;
  /** Floating-point operations of products; what is done entry by entry is not counted. */
  readonly flops: number;
  /** Bytes held at one time, networks and intermediate results; not what the series itself holds. */
  readonly bytes: number;
  /** Predicted wall time, loading not included. */
  readonly seconds: number;
}

/** What is asked for. */
export interface Job {
  readonly rule: MetricRule;
  /** A network of the series; the others are taken to be of its size. */
  readonly network: Network;
  readonly networks: number;
  /** `"matrix"`: every pair; `"row"`: each with one of them, and with itself. */
  readonly extent: "matrix" | "row";
  /** Bytes that may be held. Default 2 GiB. */
  readonly memory?: number | undefined;
}

export interface Means {
  readonly engine: PlannedEngine;
  readonly precision: Precision;
  /** What predicts the seconds; default nominal. Decides nothing. */
  readonly rates?: Rates | undefined;
}

/** What of an engine decides. */
export interface PlannedEngine extends Pick<EngineInfo, "name" | "threads"> {
  /** Whether it has the fused operation for quadratic forms. */
  readonly forms: boolean;
}

/** The part of an engine that decides. */
export function plannedEngine({ info: { name, threads }, forms }: Engine): PlannedEngine {
  return { name, threads, forms: forms !== undefined };
}

/** Bytes that may be held when nothing is said. */
export const usualMemory: number = 2 ** 31;

/** Part of its best rate that an engine reaches on a route, loading and reductions included. */
interface Efficiency {
  readonly gram: number;
  readonly forms: number;
  /** Routes made of programs, which run on all threads. */
  readonly programs: number;
  /** Routes made of single calls of gemm and loops between them. */
  readonly calls: number;
  /** Seconds a pair of the gram route takes beside its products: entry by entry, and to be told. */
  readonly pair: number;
}
const efficiencies: Readonly<Record<string, Efficiency>> = {
  wasm: { gram: 0.95, forms: 0.8, programs: 0.8, calls: 0.6, pair: 0 },
  onnx: { gram: 0.8, forms: 0.72, programs: 0.4, calls: 0.35, pair: 2e-5 },
};
const usualEfficiency: Efficiency = { gram: 0.7, forms: 0.5, programs: 0.5, calls: 0.5, pair: 0 };

/** Seconds before the forms route computes: for less than that nothing is gained by it. */
const formsStart = 0.02;

/** Seconds a call should take: progress and cancelling stand between calls. */
const callSeconds = 0.05;

/** The best way known to compute a job with an engine. */
export function planOf(job: Job, means: Means): Plan {
  const nominal = nominalRates(means.engine, means.precision);
  const costs = costsOf(job, means);
  // Decided by nominal rates alone, see there.
  const [route, cost] = costs.reduce((best, other) =>
    secondsOf(other, job, means, nominal) < secondsOf(best, job, means, nominal) ? other : best,
  );
  const { networks } = job;
  const pairs = pairsOf(job);
  const batch = Math.max(
    4 * means.engine.threads,
    Math.ceil((callSeconds * nominal.product) / Math.max(1, cost.pair)),
  );
  return {
    route,
    engine: means.engine.name,
    threads: means.engine.threads,
    precision: means.precision,
    networks,
    pairs,
    batch,
    flops: networks * cost.network + pairs * cost.pair,
    bytes: Math.min(networks * cost.held, memoryOf(job)) + cost.room,
    seconds: secondsOf([route, cost], job, means, means.rates ?? nominal),
  };
}

/**
 * Whether all pairs by the forms route, which takes them together, are faster than `pairs` of them by the
 * gram route: some may be remembered.
 */
export function formsAreWorth(job: Job, means: Means, pairs: number): boolean {
  const nominal = nominalRates(means.engine, means.precision);
  const costs = new Map(costsOf(job, means));
  const [gram, forms] = [costs.get("gram"), costs.get("forms")];
  if (!gram || !forms) return false;
  const share = pairs / pairsOf(job);
  const seconds = secondsOf(["gram", gram], job, means, nominal) * share;
  return secondsOf(["forms", forms], job, means, nominal) < seconds;
}

function memoryOf({ memory = usualMemory }: Job): number {
  return memory;
}

function pairsOf({ networks, extent }: Job): number {
  return extent === "matrix" ? (networks * (networks + 1)) / 2 : 2 * networks - 1;
}

type Candidate = readonly [PlannedRoute, Cost];

function costsOf(job: Job, { precision, engine }: Means): readonly Candidate[] {
  const { rule, network } = job;
  switch (rule.route) {
    case "closure":
      return [["closure", closureCost(network, network.nContext ?? 1)]];
    case "two layers":
      return [["two layers", twoLayerCost(network)]];
    case "polynomial":
      return [["polynomial", polynomialCost(network)]];
    case "chain": {
      const steps = stepsOf(network, rule);
      const gram: Candidate = ["gram", gramCost(steps, rule.symmetrise, precision, engine.threads)];
      const [step] = steps;
      if (steps.length !== 1 || step?.kind !== "bilinear" || !rule.symmetrise) return [gram];
      // Only a whole matrix shares the forms between enough pairs, and all networks are needed at once.
      const forms = formsCost(step, precision, engine.name === "wasm");
      const fits = job.networks * forms.held + forms.room <= memoryOf(job);
      return job.extent === "matrix" && fits && engine.forms ? [gram, ["forms", forms]] : [gram];
    }
  }
}

/** The steps of the chain that a comparison by `rule` makes of the network. */
function stepsOf(network: Network, rule: MetricRule): readonly StepSizes[] {
  const padded =
    rule.padding === "always" || (rule.padding === "when needed" && needsPadding(network));
  const { lead, head } = chainPlan([network], padded);
  // The Gaussian step is written in the inputs and outputs themselves.
  const written = rule.metric === "gaussian" || rule.metric === "exact gaussian";
  return chainSizes(
    network,
    written ? { padded: true, lead: false, head: false } : { padded, lead, head },
  );
}

function secondsOf([route, cost]: Candidate, job: Job, means: Means, rates: Rates): number {
  const efficiency = efficiencies[means.engine.name] ?? usualEfficiency;
  const { networks } = job;
  const pairs = pairsOf(job);
  const flops = networks * cost.network + pairs * cost.pair;
  switch (route) {
    case "gram":
      return (
        flops / (rates.product * efficiency.gram) + pairs * efficiency.pair + networks * rates.call
      );
    case "forms":
      return formsStart + flops / (rates.product * efficiency.forms) + networks * rates.call;
    case "closure":
    case "two layers":
      return flops / (rates.product * efficiency.programs) + (networks + pairs) * rates.call;
    case "polynomial":
      return flops / (rates.gemm * efficiency.calls) + pairs * 20 * rates.call;
  }
}
