import type { CellEdit, Description, Hover } from "../protocol/index.ts";
import { importEdit } from "./completions.ts";
import { codeOf, docsOf } from "./docs.ts";
import { outlineOf } from "./outline.ts";
import { type Place, placeOf, rangeOf, wordAt } from "./place.ts";
import { fileOf, type WorkbookCells } from "./workbook-cells.ts";

/** What is known of the name at an offset. */
export function hoverOf(cells: WorkbookCells, id: string, offset: number): Hover | null {
  const place = placeOf(cells, id, offset);
  if (!place) return null;
  const { cell, module, service, path, at } = place;
  const info = service.getQuickInfoAtPosition(path, at);
  const range = info && rangeOf(cell, module, info.textSpan);
  if (!info || !range) return null;
  const { from, to } = range;
  const owner = declarer(cells, place, cell.source.slice(from, to));
  return {
    from,
    to,
    code: codeOf(info),
    docs: docsOf(info),
    ...(owner !== undefined && { cell: owner }),
  };
}

/** What is known of a completion that was offered at an offset, and the edits that go with it. */
export function descriptionOf(
  cells: WorkbookCells,
  id: string,
  offset: number,
  label: string,
  module: string | undefined,
): Description | null {
  const place = placeOf(cells, id, offset);
  if (!place) return null;
  const { cell, service, path, at } = place;
  if (module === undefined) {
    const found = service.getCompletionEntryDetails(
      path,
      at,
      label,
      undefined,
      undefined,
      undefined,
      undefined,
    );
    if (found) return { code: codeOf(found), docs: docsOf(found), edits: [] };
  }
  const edits: CellEdit[] =
    module === undefined ? [] : [{ cell: id, ...importEdit(cell.source, label, module) }];
  return { ...asIfTyped(cells, place, offset, label, edits), edits };
}

/** What would be known of the label if it stood in the place of the word at the offset. */
function asIfTyped(
  cells: WorkbookCells,
  { cell, module: before, service, path }: Place,
  offset: number,
  label: string,
  edits: readonly CellEdit[],
): Pick<Description, "code" | "docs"> {
  const { from, to } = wordAt(cell.source, offset);
  let source = `${cell.source.slice(0, from)}${label}${cell.source.slice(to)}`;
  let at = from;
  for (const edit of edits) {
    source = `${source.slice(0, edit.from)}${edit.text}${source.slice(edit.to)}`;
    if (edit.from <= at) at += edit.text.length - (edit.to - edit.from);
  }
  const module = cells.moduleFor(cell, outlineOf(source), source);
  const program = cells.programs[cell.kind];
  cells.settleName(cell.kind, label);
  program.set(fileOf(cell), module.text);
  try {
    const info = service.getQuickInfoAtPosition(path, module.place(at));
    return { code: info ? codeOf(info) : label, docs: info ? docsOf(info) : "" };
  } finally {
    program.set(fileOf(cell), before.text);
  }
}

/** The other cell that declares a name which is read at a place. */
function declarer(cells: WorkbookCells, { cell, module }: Place, name: string): string | undefined {
  if (module.placeOfImport(name) === undefined) return undefined;
  const owner = cells.owners.get(name);
  return owner && owner.cell.id !== cell.id ? owner.cell.id : undefined;
}
