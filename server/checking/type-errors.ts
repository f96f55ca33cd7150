import { type CodeCell, WorkbookLanguage } from "../../src/language/index.ts";
import type { CellDiagnostic } from "../../src/protocol/index.ts";
import {
  type Cell,
  type Finding,
  filePosition,
  type Graph,
  positionAt,
  type Workbook,
} from "../../src/workbook/index.ts";

/** TypeScript's numbers for a name that it does not find. */
const unknownName: readonly number[] = [2304, 2552, 2580, 2582, 2583, 2584, 2591, 2592, 2593];
/** Its numbers for a module that it does not find, the second where nothing of it is named. */
const unknownModule: readonly number[] = [2307, 2882];

/**
 * Errors of types in a workbook, as the language service finds them. What may be null or undefined is a
 * warning.
 *
 * @param directory folder of the workbook, where its cells' imports are looked up
 * @param others what was found already: it is not told again
 */
export function typeErrors(
  { cells }: Workbook,
  graph: Graph,
  directory: string,
  others: readonly Finding[],
): Finding[] {
  const code = cells.filter((cell): cell is Cell & CodeCell => cell.kind !== "prose");
  // Where the text itself makes no sense, that is what there is to say.
  const sound = code.filter(({ id }) => !graph.cells.get(id)?.analysis.error);
  const language = new WorkbookLanguage(directory);
  language.set(code);
  const found = language.answer({
    type: "diagnose",
    workbook: "",
    unsaved: [],
    cells: sound.map(({ id }) => id),
  }) as readonly CellDiagnostic[];
  const byId = new Map(code.map((cell) => [cell.id, cell]));
  return found.flatMap((diagnostic): Finding[] => {
    const { from, to, severity, message, code: number } = diagnostic;
    const cell = byId.get(diagnostic.cell)!;
    const at = filePosition(cell, positionAt(cell.source, from));
    const text = cell.source.slice(from, to);
    const told = others.some((other) => {
      if (other.line !== at.line) return false;
      return (
        other.column === at.column || (unknownModule.includes(number) && other.kind === "missing")
      );
    });
    // Names that have values are told of by the graph, which knows what there is on either side.
    const isValue = graph.cells.get(cell.id)?.analysis.references.some(({ name }) => name === text);
    if (told || (isValue && unknownName.includes(number))) return [];
    return [{ severity, kind: "type", message, cell: cell.id, ...at }];
  });
}
