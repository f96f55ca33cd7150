import { type Explanation, explanationText, type Metric } from "../../src/similarity/index.ts";
import { UsageError } from "../command.ts";
import type { ComparisonRequest } from "./flags.ts";

/** What `--help` says of `--explain`. */
export const explainUsage: string = `  --explain          compute nothing; say which metrics apply, which are exact, and what each would take`;

/**
 * The metric to explain, undefined for the default one.
 *
 * @throws {UsageError} for a baseline, of which there is nothing to choose
 */
export function metricToExplain({ metric }: ComparisonRequest): Metric | undefined {
  if (metric !== "weight cosine") return metric;
  throw new UsageError("Cannot use --explain with --metric weight-cosine: expected another metric");
}

/** An explanation as text, or as JSON. */
export function explanationOutput(found: Explanation, json: boolean): string {
  return json ? JSON.stringify(found, null, 2) : explanationText(found);
}
