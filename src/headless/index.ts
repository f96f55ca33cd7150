export { inertWindow } from "./inert-window.ts";
