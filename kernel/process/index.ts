export { type KernelListener, KernelProcess } from "./process.ts";
export { resultsFolder, stateFolder } from "./state-folder.ts";
