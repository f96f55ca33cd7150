export { referenceEngine } from "./reference.ts";
