import type { Document } from "../documents/document.ts";
import { inputNames } from "../running/inputs.ts";

/**
 * Why kernel cells of a workbook cannot be run in Jupyter, where cells run from top to bottom: one sentence
 * for all whose inputs are browser cells, one for each name that is read above the cell that declares it.
 *
 * @param hasInputs whether the notebook gives browser cells' inputs a value
 */
export function notebookNotes(document: Document, hasInputs: boolean): string[] {
  const names = inputNames(document);
  const missing =
    hasInputs || names.length === 0
      ? []
      : [
          `Kernel cells read ${names.join(", ")} of browser cells, for which Jupyter has no value: --outputs runs the workbook and writes those it had`,
        ];
  const { cells } = document.graph;
  const order = [...cells.keys()];
  const early = [...cells.values()].flatMap(({ cell, sources }) => {
    if (cell.kind !== "kernel") return [];
    return Array.from(sources).flatMap(([name, source]) => {
      const isBelow = order.indexOf(source) > order.indexOf(cell.id);
      if (!isBelow || cells.get(source)!.cell.kind !== "kernel") return [];
      return [
        `The cell #${cell.id} reads ${name} of the cell #${source} below it: Jupyter, which runs cells from top to bottom, cannot run it there`,
      ];
    });
  });
  return [...missing, ...early];
}
