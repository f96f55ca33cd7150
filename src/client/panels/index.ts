export { type GraphNode, graphPanel } from "./graph-panel.ts";
export { type Panel, Panels } from "./panels.ts";
export { type Variable, variablesPanel } from "./variables-panel.ts";
