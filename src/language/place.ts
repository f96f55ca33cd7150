import type { LanguageService, TextSpan } from "typescript";
import type { CellRange } from "../protocol/index.ts";
import type { CellModule } from "./cell-module.ts";
import type { KnownCell, WorkbookCells } from "./workbook-cells.ts";

/** An offset of a cell's source as a place in its program. */
export interface Place {
  readonly cell: KnownCell;
  readonly module: CellModule;
  readonly service: LanguageService;
  readonly path: string;
  readonly at: number;
}

/** The place of an offset, with its program up to date; undefined when there is no such cell. */
export function placeOf(cells: WorkbookCells, id: string, offset: number): Place | undefined {
  const cell = cells.get(id);
  if (!cell) return undefined;
  cells.settle(cell.kind);
  const module = cells.moduleOf(cell);
  const within = Math.max(0, Math.min(offset, cell.source.length));
  const { service } = cells.programs[cell.kind];
  return { cell, module, service, path: cells.pathOf(cell), at: module.place(within) };
}

/** The part of a cell's source that a part of its module is; undefined where that is not the person's. */
export function rangeOf(
  cell: KnownCell,
  module: CellModule,
  span: TextSpan,
): CellRange | undefined {
  const from = module.offset(span.start);
  const to = module.offset(span.start + span.length);
  return from === undefined || to === undefined ? undefined : { cell: cell.id, from, to };
}

/** The word at an offset, or before it. */
export function wordAt(
  source: string,
  offset: number,
): { readonly from: number; readonly to: number } {
  // From the beginning of a word alone: of a long text in the cell every letter would be tried.
  const ending = /(?<![\p{ID_Continue}$])[\p{ID_Continue}$]*$/u;
  const before = ending.exec(source.slice(0, offset))?.[0].length ?? 0;
  const after = /^[\p{ID_Continue}$]*/u.exec(source.slice(offset))?.[0].length ?? 0;
  return { from: offset - before, to: offset + after };
}
