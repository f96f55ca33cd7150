export { dataOf } from "./data.ts";
export type { LastWords } from "./last-words.ts";
export { memoryCap } from "./memory-cap.ts";
export { type KernelListener, KernelProcess } from "./process.ts";
export { resultsFolder, stateFolder } from "./state-folder.ts";
export { errorContent } from "./traceback.ts";
