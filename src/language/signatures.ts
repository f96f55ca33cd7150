import type { Signature, SignatureHelp } from "../protocol/index.ts";
import { withoutSettled } from "./cell-module.ts";
import { docsOf, textOf } from "./docs.ts";
import { placeOf } from "./place.ts";
import type { WorkbookCells } from "./workbook-cells.ts";

/** The signatures of the call around an offset. */
export function signaturesOf(
  cells: WorkbookCells,
  id: string,
  offset: number,
): SignatureHelp | null {
  const place = placeOf(cells, id, offset);
  const help = place?.service.getSignatureHelpItems(place.path, place.at, {});
  if (!help) return null;
  const signatures = help.items.map((item): Signature => {
    let code = withoutSettled(textOf(item.prefixDisplayParts));
    const parameters = item.parameters.map((parameter, index) => {
      if (index > 0) code += textOf(item.separatorDisplayParts);
      const from = code.length;
      code += textOf(parameter.displayParts);
      return { from, to: code.length, docs: textOf(parameter.documentation) };
    });
    code += textOf(item.suffixDisplayParts);
    const others = item.tags.filter(({ name }) => name !== "param");
    return { code, docs: docsOf({ documentation: item.documentation, tags: others }), parameters };
  });
  return { signatures, active: help.selectedItemIndex, parameter: help.argumentIndex };
}
