export { chainsOf } from "./chain/composed.ts";
export { flopsOf as chainFlops, type StepSizes } from "./chain/steps.ts";
export {
  type EngineName,
  type EngineOptions,
  fasterEngine,
  type OpenEngine,
  openEngine,
  provideEngine,
  sharedEngine,
} from "./choice.ts";
export { formsOf } from "./forms/composed.ts";
export { programsOf } from "./program/composed.ts";
export { referenceEngine } from "./reference/reference.ts";
export { type Tf, tfjsEngine } from "./tfjs/tfjs.ts";
export {
  type Port,
  type PortEvents,
  provideWorkers,
  type Spawn,
  type Workers,
} from "./wasm/spawn.ts";
export { type WasmOptions, wasmEngine } from "./wasm/wasm.ts";
