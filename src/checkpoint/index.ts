export type * from "./checkpoint.ts";
export { CheckpointError } from "./checkpoint.ts";
