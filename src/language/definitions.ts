import { relative, sep } from "node:path";
import type { DefinitionInfo } from "typescript";
import type { Definition } from "../protocol/index.ts";
import { withoutSettled } from "./cell-module.ts";
import { type Place, placeOf, rangeOf } from "./place.ts";
import type { WorkbookCells } from "./workbook-cells.ts";

/** Where the name at an offset is declared. */
export function definitionsOf(
  cells: WorkbookCells,
  id: string,
  offset: number,
  directory: string,
): Definition[] {
  const place = placeOf(cells, id, offset);
  if (!place) return [];
  const found = place.service.getDefinitionAtPosition(place.path, place.at) ?? [];
  const definitions = found.map((one) => definitionOf(cells, place, one, directory));
  const told = new Set<string>();
  return definitions.filter((one): one is Definition => {
    const key = JSON.stringify(one);
    return one !== undefined && !told.has(key) && Boolean(told.add(key));
  });
}

function definitionOf(
  cells: WorkbookCells,
  { service }: Place,
  { fileName, textSpan, name }: DefinitionInfo,
  directory: string,
): Definition | undefined {
  const cell = cells.cellAt(fileName);
  if (cell) {
    const own = fileName === cells.pathOf(cell);
    const range = own ? rangeOf(cell, cells.moduleOf(cell), textSpan) : undefined;
    if (range) return range;
    const declared = cells.owners.get(withoutSettled(name));
    if (!declared) return undefined;
    const { from } = declared.declared;
    return { cell: declared.cell.id, from, to: from + declared.declared.name.length };
  }
  const line = service.toLineColumnOffset?.(fileName, textSpan.start).line ?? 0;
  const [, name_] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(fileName) ?? [];
  const file = name_ ?? relative(directory, fileName).split(sep).join("/");
  return {
    file: file.startsWith("../") && file.includes("/types/") ? "simile" : file,
    line: line + 1,
  };
}
