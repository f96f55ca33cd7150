export {
  type ClassicalScaling,
  classicalScaling,
  type ScalingOptions,
} from "./classical-scaling.ts";
export { gap } from "./gap.ts";
export { type Segment, type Segmentation, segments } from "./segments.ts";
export type { Similarities } from "./similarities.ts";
