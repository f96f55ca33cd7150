export { type KernelListener, KernelProcess } from "./process.ts";
export { stateFolder } from "./state-folder.ts";
