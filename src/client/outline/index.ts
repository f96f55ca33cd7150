export { outlinePanel } from "./outline-panel.ts";
