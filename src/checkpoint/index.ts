export { bytesSource } from "./bytes.ts";
export type * from "./checkpoint.ts";
export { CheckpointError } from "./checkpoint.ts";
export { elementSize, storedOf, tensorOf } from "./element.ts";
export { indexCheckpoint, readCheckpoint } from "./read.ts";
export { writeSafetensors } from "./safetensors/write.ts";
export { stepOf } from "./step.ts";
export { weightsOf } from "./weights.ts";
