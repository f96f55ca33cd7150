import type { EngineInfo, Precision } from "../tensor/index.ts";
import type { Metric } from "./metric.ts";
import type { PlannedRoute } from "./plan/plan.ts";

/** What a number is, so that it can be traced and computed again. */
export interface Provenance {
  readonly metric: Metric | "weight cosine" | "monte carlo";
  /**
   * True when the number is the exact value, up to rounding, of what `exactFor` names; false when it
   * approximates what the metric stands for, and should be called approximate wherever it is shown.
   */
  readonly exact: boolean;
  /** What the number is, or would be, exact for, as a phrase that follows "Exact for". */
  readonly exactFor: string;
  /**
   * How it was computed where there is more than one way; two ways differ by rounding only. Rows that
   * were remembered keep the way they were computed first.
   */
  readonly route?: PlannedRoute;
  readonly precision: Precision;
  readonly engine: EngineInfo;
  /** Version of the algorithm; changes when the same inputs may give other bits. */
  readonly algorithm: string;
  /** The output compared, or null for all together. */
  readonly slice: number | null;
}

/** What a result over a series took. */
export interface Effort {
  /** Pairs it is made of. */
  readonly pairs: number;
  /** Of these, computed by this call; the others were remembered. */
  readonly computed: number;
  /** Wall time, loading included. */
  readonly seconds: number;
  /** What went wrong without harm to the result, as a cache that could not be written; mostly empty. */
  readonly notes: readonly string[];
}

/** See {@link Provenance.algorithm}. */
export const algorithm = "tensor-similarity/2";
