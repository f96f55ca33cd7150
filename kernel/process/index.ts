export { type KernelListener, KernelProcess } from "./process.ts";
