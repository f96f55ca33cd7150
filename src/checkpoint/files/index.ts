export { adapterBeside, openAdapter } from "./adapter.ts";
export { openCheckpoint } from "./open.ts";
export { replaceFile, temporaryPrefix } from "./replace-file.ts";
export { type SaveOptions, saveCheckpoint } from "./save.ts";
export { type FolderOptions, openSeries } from "./series.ts";
export { fileSource } from "./source.ts";
