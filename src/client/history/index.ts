export { historyPanel } from "./history-panel.ts";
export { keptVersions } from "./kept-versions.ts";
