export { openCheckpoint } from "./open.ts";
export { type SaveOptions, saveCheckpoint } from "./save.ts";
export { type FolderOptions, openSeries } from "./series.ts";
export { fileSource } from "./source.ts";
