export * from "./colour.ts";
export * from "./matrix.ts";
export * from "./matrix-axes.ts";
export * from "./number.ts";
export * from "./scale.ts";
export * from "./step.ts";
