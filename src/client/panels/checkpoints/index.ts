export { Checkpoints } from "./checkpoints.ts";
export { checkpointsPanel } from "./checkpoints-panel.ts";
