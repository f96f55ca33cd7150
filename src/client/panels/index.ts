export { type Panel, Panels } from "./panels.ts";
