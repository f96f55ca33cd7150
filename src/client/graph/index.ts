export { Graph } from "./graph.ts";
export type { CellPlace, GraphParts } from "./graph-parts.ts";
