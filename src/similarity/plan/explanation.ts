import type { Metric } from "../metric.ts";
import type { Plan } from "./plan.ts";

/** A way to compare two networks: a metric, or one of the measures beside them. */
export type Measure = Metric | "weight cosine" | "monte carlo";

/** What a measure is for the networks at hand. */
export type Choice =
  | {
      readonly measure: Measure;
      readonly applies: true;
      /** Whether the number is the exact value of what `exactFor` names. */
      readonly exact: boolean;
      /** What the number is, or would be, exact for, as a phrase that follows "Exact for". */
      readonly exactFor: string;
      /** How it would be computed; absent for what is summed in plain loops. */
      readonly plan?: Plan;
    }
  | {
      readonly measure: Measure;
      readonly applies: false;
      /** Why not, a sentence. */
      readonly why: string;
    };

/** What can be said of networks before they are compared. */
export interface Explanation {
  /** The networks in a line each, see `describeNetwork`; of a longer series the first two. */
  readonly networks: readonly string[];
  /** Networks compared. */
  readonly count: number;
  /** What the options ask for, and what is done. */
  readonly chosen: Choice;
  /** Every measure there is, those that apply first. */
  readonly choices: readonly Choice[];
}

/** The explanation as lines of text. */
export function explanationText({ networks, count, chosen, choices }: Explanation): string {
  const lines = [...new Set(networks)];
  if (count > 2) lines[0] = `${count} networks, the first ${lines[0]}`;
  const others = choices.filter(({ measure }) => measure !== chosen.measure);
  return [
    ...lines,
    "",
    `Chosen: ${told(chosen)}`,
    "",
    "Also possible:",
    ...others.filter(({ applies }) => applies).map((choice) => `  ${told(choice)}`),
    "Not for these networks:",
    ...others.filter(({ applies }) => !applies).map((choice) => `  ${told(choice)}`),
  ].join("\n");
}

function told(choice: Choice): string {
  if (!choice.applies) return `${choice.measure}: ${choice.why}`;
  const { measure, exact, exactFor, plan } = choice;
  const kind = exact ? `exact for ${exactFor}` : `approximate; exact for ${exactFor}`;
  return `${measure}, ${kind}${plan ? `\n    ${planText(plan)}` : ""}`;
}

/** A plan in a line, e.g. `"gram route on wasm, 2 threads, float64: 4005 pairs, 42 Gflop, 21 MB, 0.8 s"`. */
export function planText(plan: Plan): string {
  const threads = `${plan.threads} thread${plan.threads === 1 ? "" : "s"}`;
  const pairs = `${plan.pairs} pair${plan.pairs === 1 ? "" : "s"}`;
  return `${plan.route} route on ${plan.engine}, ${threads}, ${plan.precision}: ${pairs}, ${scaled(plan.flops, "flop")}, ${scaled(plan.bytes, "B")}, ${duration(plan.seconds)}`;
}

/** A number with three digits and the prefix of its unit, e.g. `"1.24 Tflop"`. */
function scaled(amount: number, unit: string): string {
  const prefixes = ["", "k", "M", "G", "T", "P", "E"];
  const power = amount < 1 ? 0 : Math.floor(Math.log10(amount) / 3);
  const prefix = Math.min(power, prefixes.length - 1);
  return `${Number((amount / 1000 ** prefix).toPrecision(3))} ${prefixes[prefix]}${unit}`;
}

function duration(seconds: number): string {
  if (seconds < 1e-3) return "below a millisecond";
  if (seconds < 120) return `about ${Number(seconds.toPrecision(2))} s`;
  if (seconds < 7200) return `about ${Math.round(seconds / 60)} minutes`;
  return `about ${Number((seconds / 3600).toPrecision(2))} hours`;
}
