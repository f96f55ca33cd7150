import type { EngineName } from "../engine/index.ts";
import type { Engine, Precision } from "../tensor/index.ts";
import type { SimilarityCache } from "./cache/similarity-cache.ts";
import type { InputDistribution } from "./input.ts";
import type { Metric } from "./metric.ts";

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
