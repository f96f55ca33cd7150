export type {
  Adapter,
  AdapterLike,
  AttentionRule,
  BilinearRule,
  LinearRule,
  Names,
  PackedPair,
  Repeat,
  Rule,
} from "./adapter.ts";
export { AdapterError } from "./adapter-error.ts";
export { adapters } from "./builtin.ts";
export { chosenFit, obstacleOf } from "./choice.ts";
export { adapterNamed, userAdapter } from "./description.ts";
export { type Fit, fitAdapter } from "./fit.ts";
export type { WrongShape } from "./inventory.ts";
export type { FoundSetting, SettingOrigin } from "./lookup.ts";
export { builtNetwork, networkFrom } from "./network.ts";
export { describeFit, type FitReport, fitReport, fitTable, type Reading } from "./report.ts";
export type { WeightShapes } from "./scope.ts";
export {
  checkSettings,
  type Given,
  type Residual,
  readSettings,
  type SettingName,
  type Settings,
  settingNames,
} from "./settings.ts";
export type {
  AffineSource,
  AttentionSource,
  BilinearSource,
  LayerSource,
  LinearSource,
} from "./source.ts";
