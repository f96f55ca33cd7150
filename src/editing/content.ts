import type { EditedCell, EditedWorkbook } from "../protocol/index.ts";
import { type Cell, headingOf, type Layout, type Workbook } from "../workbook/index.ts";
import { withLineEnds } from "./line-ends.ts";

/** A workbook as it was read, ready to be edited. `workbookOf` gives it back. */
export function editedOf(workbook: Workbook): EditedWorkbook {
  const { cells, matter = {}, front = "", tail = "" } = workbook;
  const end = lineEndOf(cells.map(({ layout }) => layout));
  return { cells: cells.map((cell) => editedCell(cell, end)), matter, kept: { front, tail } };
}

function editedCell(cell: Cell, end: string): EditedCell {
  const { id, kind, mode, source, attributes, anonymous, layout } = cell;
  const { kernel: _, ...rest } = attributes ?? {};
  const plain = source.replace(/\r\n?/g, "\n");
  const isUsual = withLineEnds(plain, undefined, end) === source;
  return {
    id,
    kind,
    ...(mode !== undefined && { mode }),
    source: plain,
    attributes: rest,
    ...(anonymous && { anonymous }),
    ...(layout && { kept: { ...layout, ...(!isUsual && { source }) } }),
  };
}

/** The workbook that an edited one is, to be written: what nobody touched is as it was read. */
export function workbookOf({ cells, matter, kept }: EditedWorkbook): Workbook {
  const end = lineEndOf(cells.map((cell) => cell.kept));
  const written = cells.map((cell) => workbookCell(cell, end));
  return {
    title: matter["title"] || headingOf(written),
    summary: matter["summary"] ?? "",
    cells: written,
    matter,
    ...kept,
  };
}

function workbookCell(cell: EditedCell, end: string): Cell {
  const { id, kind, mode, attributes, anonymous, kept } = cell;
  const { run } = attributes;
  const { source: original, ...layout } = kept ?? { open: "", close: "" };
  return {
    id,
    kind,
    // The language that it had as code is nothing to prose, and the other way round.
    ...(mode !== undefined && (mode === "js") === (kind !== "prose") && { mode }),
    source: withLineEnds(cell.source, original, end),
    line: 1,
    run: run === "demand" || run === "once" ? run : "live",
    attributes: { ...(kind === "kernel" && { kernel: true as const }), ...attributes },
    ...(anonymous && { anonymous }),
    ...(kept && { layout }),
  };
}

/** How lines end in the file that the cells were read from. */
function lineEndOf(kept: readonly (Layout | undefined)[]): string {
  const text = kept.map((layout) => (layout ? layout.open + layout.close : "")).join("");
  return text.match(/\r\n|\n|\r/)?.[0] ?? "\n";
}
