import type { EngineName } from "../engine/index.ts";
import type { Engine, EngineInfo, Matrix, Numbers, Precision } from "../tensor/index.ts";
import type { SimilarityCache } from "./cache/similarity-cache.ts";
import type { Metric } from "./metric.ts";
import type { PlannedRoute } from "./plan/plan.ts";

/** Inputs x ~ N(mean, covariance), each position of an input by itself; for metrics that are expectations. */
export interface InputDistribution {
  /** [dIn]; default 0. */
  readonly mean?: Numbers | readonly number[] | undefined;
  /** [dIn, dIn], symmetric, no negative eigenvalue; may be singular. Default the identity. */
  readonly covariance?: Matrix | undefined;
}

/** How two networks are compared. */
export interface SimilarityOptions {
  /** Default `symmetric` for one bilinear layer, `recursion` for stacks, `closure` with attention. */
  readonly metric?: Metric | undefined;
  /** False tells L and R apart: `frobenius` for `symmetric`, and so on. Default true. */
  readonly symmetrise?: boolean | undefined;
  /** Compare one output only, from 0; null (default) compares all of them together. */
  readonly slice?: number | null | undefined;
  /** Default N(0, I). */
  readonly input?: InputDistribution | undefined;
  /** An engine, or the name of one that everyone shares. Default `"auto"`. */
  readonly engine?: Engine | EngineName | undefined;
  /**
   * Default `"float64"`, or `"float32"` of an engine that has nothing else. With `"float32"` a cosine is
   * off by about 1e-7.
   */
  readonly precision?: Precision | undefined;
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How the networks of a series are compared, and what of them is held at a time. */
export interface SeriesOptions extends SimilarityOptions {
  /** Told how many of the pairs are done. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  /**
   * Bytes that the networks held at one time may take in the engine, two at least; default 1 GiB, or
   * 2 GiB where all together are far faster than pair by pair (the forms route, which is not taken
   * beyond it). When not all fit they are read more than once, block by block, with the same result.
   */
  readonly memory?: number | undefined;
  /**
   * What is remembered of series with common members, so that a new checkpoint costs one row. Default
   * what this process was given, see {@link provideCache}; null for none.
   */
  readonly cache?: SimilarityCache | null | undefined;
}

/** Options of a comparison of bare weights: there is no metric, no input and no engine. */
export type WeightOptions = Pick<SeriesOptions, "slice" | "signal" | "progress" | "memory">;

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
