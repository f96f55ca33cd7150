export { analyse } from "./analyse.ts";
export { hash } from "./hash.ts";
export { parse } from "./parse.ts";
export { serialise } from "./serialise.ts";
export type { StripTypes } from "./strip-types.ts";
export type * from "./workbook.ts";
