import type { Declaration } from "typescript";
import type { CellEdit, Rename } from "../protocol/index.ts";
import { nodeAt } from "./node-at.ts";
import { type Place, placeOf, rangeOf, wordAt } from "./place.ts";
import { ts } from "./typescript.ts";
import type { KnownCell, WorkbookCells } from "./workbook-cells.ts";

/** Gives the name at an offset another, in every cell that means the same by it. */
export function renameOf(
  cells: WorkbookCells,
  id: string,
  offset: number,
  to: string | undefined,
): Rename {
  const place = placeOf(cells, id, offset);
  if (!place) return { problem: `Cannot rename: there is no code cell #${id}` };
  const { cell, module } = place;
  const word = wordAt(cell.source, offset);
  const name = cell.source.slice(word.from, word.to);
  if (name === "") {
    return { problem: "Cannot rename: expected a name at that place, found none" };
  }
  const info = place.service.getRenameInfo(place.path, place.at, {});
  const declaration = info.canRename
    ? declarationAt({ ...place, at: module.place(word.from) })
    : undefined;
  if (!declaration) return { problem: `Cannot rename: ${name} is not declared by a cell` };
  const owner = ownerOf(cells, place, name, declaration);
  if (owner === "none") return { problem: `Cannot rename ${name}: it is a builtin` };
  if (to === undefined || to === name) return { name, ...word, edits: [] };
  if (!isName(to)) {
    return { problem: `Cannot rename ${name} to "${to}": expected a name, found ${kindOf(to)}` };
  }
  const edits = owner
    ? cells.all.flatMap((other) => editsIn(cells, other, owner, name, to))
    : locations(place, to);
  const touched = new Set(edits.map((edit) => edit.cell));
  const taken =
    cells.all.find((other) => touched.has(other.id) && other.outline.names.has(to)) ??
    (owner && cells.owners.get(to)?.cell);
  if (taken) {
    return { problem: `Cannot rename ${name} to "${to}": #${taken.id} has that name already` };
  }
  return { name, ...word, edits };
}

/** What declares the name at a place in its own file: for an imported name, the import. */
function declarationAt({ service, path, at }: Place): Declaration | undefined {
  const program = service.getProgram();
  const file = program?.getSourceFile(path);
  if (!program || !file) return undefined;
  const found = nodeAt(file, at);
  const checker = program.getTypeChecker();
  const symbol = ts.isShorthandPropertyAssignment(found.parent)
    ? checker.getShorthandAssignmentValueSymbol(found.parent)
    : checker.getSymbolAtLocation(found);
  return symbol?.declarations?.find((declaration) => declaration.getSourceFile() === file);
}

/** The cell whose top-level name it is; nothing for a name that one cell has for itself. */
function ownerOf(
  cells: WorkbookCells,
  { cell, module }: Place,
  name: string,
  declaration: Declaration,
): KnownCell | "none" | undefined {
  const owner = cells.owners.get(name);
  const at = (ts.getNameOfDeclaration(declaration) ?? declaration).getStart();
  const from = module.offset(at);
  if (from === undefined) return owner?.cell ?? "none";
  return owner?.cell === cell && owner.declared.from === from ? cell : undefined;
}

function editsIn(
  cells: WorkbookCells,
  cell: KnownCell,
  owner: KnownCell,
  name: string,
  to: string,
): CellEdit[] {
  cells.settle(cell.kind);
  const module = cells.moduleOf(cell);
  const { declared } = cells.owners.get(name)!;
  const at = cell === owner ? module.place(declared.from) : module.placeOfImport(name);
  if (at === undefined) return [];
  const { service } = cells.programs[cell.kind];
  return locations({ cell, module, service, path: cells.pathOf(cell), at }, to);
}

/** Where the name at a place stands in the same cell. */
function locations({ cell, module, service, path, at }: Place, to: string): CellEdit[] {
  const found = service.findRenameLocations(path, at, false, false, {
    providePrefixAndSuffixTextForRename: true,
  });
  return (found ?? []).flatMap(({ fileName, textSpan, prefixText = "", suffixText = "" }) => {
    const range = fileName === path ? rangeOf(cell, module, textSpan) : undefined;
    return range ? [{ ...range, text: `${prefixText}${to}${suffixText}` }] : [];
  });
}

function isName(text: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, false, undefined, text);
  return scanner.scan() === ts.SyntaxKind.Identifier && scanner.getTokenEnd() === text.length;
}

function kindOf(text: string): string {
  if (text === "") return "an empty text";
  return /^[a-z]+$/.test(text) ? "a word of the language" : "characters that no name has";
}
