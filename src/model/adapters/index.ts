export type {
  Adapter,
  BilinearRule,
  LinearRule,
  PackedPair,
  Repeat,
} from "./adapter.ts";
export { AdapterError } from "./adapter.ts";
export { adapters } from "./builtin.ts";
export { userAdapter } from "./description.ts";
export { type Fit, fitAdapter } from "./fit.ts";
export type { AffineSource, LayerSource, WrongShape } from "./fitting.ts";
export { builtNetwork, chosenFit, networkFrom } from "./network.ts";
export type { WeightShapes } from "./scope.ts";
