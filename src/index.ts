export * from "./analysis/index.ts";
export * from "./checkpoint/index.ts";
export * from "./engine/index.ts";
export * from "./model/index.ts";
export * from "./similarity/index.ts";
export * from "./symmetry/index.ts";
export * from "./tensor/index.ts";
export * from "./training/index.ts";
