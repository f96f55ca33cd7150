import type { CellDefinition, EditedCell } from "../../protocol/index.ts";
import { highlight } from "../../workbook/index.ts";

/** A cell that only this page knows yet, as it is shown until the server has read it. */
export function provisional({ id, kind, source }: EditedCell): CellDefinition {
  const common = { id, source, version: "", line: 0, run: "live" } as const;
  if (kind === "prose") return { ...common, kind, html: "" };
  const html = highlight(source);
  return kind === "browser"
    ? { ...common, kind, html, body: "", expression: false, inputs: [], outputs: [] }
    : { ...common, kind, html, inputs: [], browserInputs: [], outputs: [], wanted: [] };
}
