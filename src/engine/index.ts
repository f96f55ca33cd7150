export { chainsOf } from "./chain/composed.ts";
export { referenceEngine } from "./reference/reference.ts";
