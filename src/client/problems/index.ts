export { Problems } from "./problems.ts";
export { problemsPanel } from "./problems-panel.ts";
