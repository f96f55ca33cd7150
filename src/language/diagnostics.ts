import type { Diagnostic, DiagnosticMessageChain } from "typescript";
import type { CellDiagnostic } from "../protocol/index.ts";
import { withoutSettled } from "./cell-module.ts";
import { rangeOf } from "./place.ts";
import { ts } from "./typescript.ts";
import type { KnownCell, WorkbookCells } from "./workbook-cells.ts";

/** What TypeScript calls an error and is none in a cell, by its number. */
const harmless: ReadonlySet<number> = new Set([
  // A declaration that others import under the same name, or that nobody can name.
  2440, 4023, 4058, 4060, 4094, 9005, 9006,
]);

/** Numbers for what may be null or undefined, which an author often knows better. */
const nullable: ReadonlySet<number> = new Set([
  2531, 2532, 2533, 2721, 2722, 2723, 18047, 18048, 18049,
]);

/** What is wrong in the texts of code cells, in the order of the cells. */
export function diagnosticsOf(cells: WorkbookCells, ids?: readonly string[]): CellDiagnostic[] {
  const asked = cells.all.filter(({ id }) => !ids || ids.includes(id));
  return asked.flatMap((cell) => {
    cells.settle(cell.kind);
    return inCell(cells, cell);
  });
}

function inCell(cells: WorkbookCells, cell: KnownCell): CellDiagnostic[] {
  const { service } = cells.programs[cell.kind];
  const path = cells.pathOf(cell);
  const syntax = service.getSyntacticDiagnostics(path);
  const found = syntax.length > 0 ? syntax : service.getSemanticDiagnostics(path);
  const module = cells.moduleOf(cell);
  return found
    .flatMap((diagnostic): CellDiagnostic[] => {
      const { start, length, code } = diagnostic;
      if (start === undefined || isImplicit(code) || harmless.has(code)) return [];
      // An error at the end of a cell is told by what is missing there, on a line of ours.
      const end = cell.source.length;
      const range =
        rangeOf(cell, module, { start, length: length ?? 0 }) ??
        (start >= module.place(end) ? { cell: cell.id, from: end, to: end } : undefined);
      if (!range || (syntax.length === 0 && range.from === end && end > 0)) return [];
      const severity = isNullable(diagnostic) ? "warning" : "error";
      return [{ ...range, severity, code, message: messageOf(diagnostic) }];
    })
    .toSorted((a, b) => a.from - b.from || a.to - b.to);
}

/** Whether it asks for a type that an author may leave out. */
function isImplicit(code: number): boolean {
  return code >= 7005 && code <= 7057 && !(code >= 7027 && code <= 7030);
}

function isNullable({ code, messageText }: Diagnostic): boolean {
  if (nullable.has(code)) return true;
  let deepest: string | DiagnosticMessageChain = messageText;
  while (typeof deepest !== "string" && deepest.next?.[0]) [deepest] = deepest.next;
  const text = typeof deepest === "string" ? deepest : deepest.messageText;
  return /^(?:Type|Argument of type) '(?:undefined|null|null \| undefined)' is not assignable/.test(
    text,
  );
}

function messageOf({ messageText }: Diagnostic): string {
  const text = withoutSettled(ts.flattenDiagnosticMessageText(messageText, "\n"));
  // What would help a project of TypeScript's own does not help here.
  return text.replace(/\. (?:Do you need to|Try )[\s\S]*$/, "").replace(/\.(?=\n|$)/g, "");
}
