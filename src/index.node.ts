import "./engine/node/index.ts";

export * from "./checkpoint/files/index.ts";
export * from "./index.ts";
export * from "./similarity/files/index.ts";
