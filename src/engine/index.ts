export { referenceEngine } from "./reference/index.ts";
