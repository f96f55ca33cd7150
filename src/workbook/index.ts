export type * from "./workbook.ts";
