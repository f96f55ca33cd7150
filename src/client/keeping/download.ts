import { workbookOf } from "../../editing/index.ts";
import type { EditedWorkbook } from "../../protocol/index.ts";
import { serialiseWorkbook } from "../../workbook/index.ts";
import { element } from "../element.ts";

/**
 * Has the browser download the document as this tab has it, as the file it would be saved as.
 *
 * @param path of the workbook: its format, and the name of the copy
 */
export function downloadCopy(path: string, content: EditedWorkbook): void {
  const text = serialiseWorkbook(path, workbookOf(content));
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const name = path.slice(path.lastIndexOf("/") + 1);
  element("a", { href: address, download: name }).click();
  // The download has begun by then, or never will.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
