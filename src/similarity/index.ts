export { agreement } from "./agreement.ts";
export { memoryResults } from "./cache/memory-results.ts";
export type { KeptProducts, PairProducts, ResultStore } from "./cache/result-store.ts";
export {
  type CacheHere,
  type CacheOptions,
  provideCache,
  SimilarityCache,
} from "./cache/similarity-cache.ts";
export {
  type Expansion,
  type ExpansionMetric,
  type ExpansionOptions,
  expansion,
} from "./expansion.ts";
export { growingMatrix } from "./growing-matrix.ts";
export type { InputDistribution } from "./input.ts";
export { jsDivergence, predictionDivergence } from "./js-divergence.ts";
export { linearCka } from "./linear-cka.ts";
export type { SimilarityMatrix } from "./matrix.ts";
export { type Metric, metrics } from "./metric.ts";
export { type MonteCarloOptions, type MonteCarloResult, monteCarlo } from "./monte-carlo.ts";
export type { SeriesOptions, SimilarityOptions, WeightOptions } from "./options.ts";
export { type OutputCosineOptions, outputCosine } from "./output-cosine.ts";
export { type OutputMoments, outputMoments } from "./output-moments.ts";
export type { OutputMetric, OutputResult } from "./output-result.ts";
export {
  distance,
  innerProduct,
  type PairResult,
  type SlicesResult,
  similarity,
  slices,
} from "./pair.ts";
export { completePart, type PartialMatrix } from "./partial-matrix.ts";
export { type ExplainOptions, explain } from "./plan/explain.ts";
export {
  type Choice,
  type Explanation,
  explanationText,
  type Measure,
  planText,
} from "./plan/explanation.ts";
export type { Plan, PlannedRoute } from "./plan/plan.ts";
export type { Rates } from "./plan/rates.ts";
export { algorithm, type Effort, type Provenance } from "./provenance.ts";
export type { Series } from "./series.ts";
export { type MatrixOptions, similarityMatrix } from "./similarity-matrix.ts";
export { type SliceMatrices, sliceMatrices } from "./slice-matrices.ts";
export { type ReferenceCurve, toReference } from "./to-reference.ts";
export { weightCosine, weightCosineMatrix } from "./weight-cosine.ts";
