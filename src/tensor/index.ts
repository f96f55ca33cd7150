export { circle } from "./circle.ts";
export type {
  Chain,
  ChainOperation,
  ChainOptions,
  ChainRow,
  ChainStep,
  Engine,
  EngineInfo,
  FormOperation,
  FormOptions,
  FormProducts,
  GemmOptions,
  LoadedChain,
} from "./engine.ts";
export { exponential } from "./exponential.ts";
export { logarithm } from "./logarithm.ts";
export { power } from "./power.ts";
export { product, scaled, transpose } from "./product.ts";
export type {
  Block,
  HeldMatrix,
  Program,
  ProgramGroup,
  ProgramOperation,
  ProgramOptions,
  ProgramStep,
  ProgramTask,
} from "./program.ts";
export { ProgramBuilder, type Register } from "./program-builder.ts";
export { Random } from "./random.ts";
export type { Matrix, Numbers, Precision, Tensor } from "./tensor.ts";
export { identity, matrix, numbers, precisionOf, ShapeError, sizeOf } from "./tensor.ts";
