export { Keeping } from "./keeping.ts";
