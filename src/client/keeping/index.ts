export { Keeping } from "./keeping.ts";
export { leftBehind, type TabText, tabText } from "./left-behind.ts";
export type { Unsent } from "./unsent.ts";
