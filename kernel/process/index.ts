export { dataOf } from "./data.ts";
export { kernelFlags } from "./flags.ts";
export type { LastWords } from "./last-words.ts";
export { LogFile, type LogLimits } from "./log-file.ts";
export { memoryCap } from "./memory-cap.ts";
export { type KernelListener, KernelProcess } from "./process.ts";
export { logsFolder, resultsFolder, stateFolder } from "./state-folder.ts";
export { errorContent } from "./traceback.ts";
