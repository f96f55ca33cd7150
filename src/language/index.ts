export { ExecutionLanguage, type Matches } from "./execution-language.ts";
export type { CodeCell } from "./workbook-cells.ts";
export { WorkbookLanguage } from "./workbook-language.ts";
