export { withoutGeneration } from "./hooks.ts";
export { importerFrom } from "./importer.ts";
export { installModules, type LoadedModules, loadedModules } from "./install.ts";
export type { Edited } from "./local-modules.ts";
export { requireFrom } from "./requirer.ts";
export { FolderWatch } from "./watch.ts";
