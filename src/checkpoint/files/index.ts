export { openCheckpoint } from "./open.ts";
export { type SaveOptions, saveCheckpoint } from "./save.ts";
export { fileSource } from "./source.ts";
