export { type CellContext, CellPanel } from "./cell-panel.ts";
