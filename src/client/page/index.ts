export { WorkbookPage } from "./workbook-page.ts";
