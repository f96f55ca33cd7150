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
export type { InputDistribution } from "./input.ts";
export { growingMatrix } from "./matrix/growing-matrix.ts";
export type { SimilarityMatrix } from "./matrix/matrix.ts";
export { completePart, type PartialMatrix } from "./matrix/partial-matrix.ts";
export { type MatrixOptions, similarityMatrix } from "./matrix/similarity-matrix.ts";
export { type SliceMatrices, sliceMatrices } from "./matrix/slice-matrices.ts";
export { type ReferenceCurve, toReference } from "./matrix/to-reference.ts";
export { type Metric, metrics } from "./metric.ts";
export { type MonteCarloOptions, type MonteCarloResult, monteCarlo } from "./monte-carlo.ts";
export type { SeriesOptions, SimilarityOptions, WeightOptions } from "./options.ts";
export { agreement } from "./outputs/agreement.ts";
export { jsDivergence, predictionDivergence } from "./outputs/js-divergence.ts";
export { linearCka } from "./outputs/linear-cka.ts";
export { type OutputCosineOptions, outputCosine } from "./outputs/output-cosine.ts";
export { type OutputMoments, outputMoments } from "./outputs/output-moments.ts";
export type { OutputMetric, OutputResult } from "./outputs/output-result.ts";
export {
  distance,
  innerProduct,
  type PairResult,
  type SlicesResult,
  similarity,
  slices,
} from "./pair.ts";
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
export { weightCosine, weightCosineMatrix } from "./weights/weight-cosine.ts";
