export {
  type Attribution,
  type AttributionOptions,
  attribution,
  type Directions,
  principalDirections,
  ranked,
} from "./attribution.ts";
export { type Audit, type AuditedSeries, type AuditOptions, audit } from "./audit/audit.ts";
export type { Finding, FindingKind } from "./audit/finding.ts";
export {
  type ClassicalScaling,
  classicalScaling,
  type ScalingOptions,
} from "./classical-scaling.ts";
export { type Frequencies, type FrequencyOptions, frequencies } from "./frequencies.ts";
export {
  type FunctionAttribution,
  type FunctionAttributionOptions,
  functionAttribution,
} from "./function-attribution.ts";
export { gap } from "./gap.ts";
export {
  type InteractionSpectrum,
  interactionMatrix,
  interactionSpectrum,
  type Output,
} from "./interaction.ts";
export { type PartAttribution, type PartOptions, partAttribution } from "./part-attribution.ts";
export type { SplitMetric } from "./quadratic.ts";
export type { Parts } from "./replacement.ts";
export { type Segment, type Segmentation, segments } from "./segments.ts";
export type { Similarities } from "./similarities.ts";
export { type SliceAttribution, sliceAttribution } from "./slice-attribution.ts";
export { type Tucker, type TuckerMode, type TuckerOptions, tucker } from "./tucker.ts";
