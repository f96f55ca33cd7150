export * from "./checkpoint/files/index.ts";
export * from "./index.ts";
