export { Keeping } from "./keeping.ts";
export { leftBehind, tabText } from "./left-behind.ts";
