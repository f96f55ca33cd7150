import type { Cell, Workbook } from "../workbook.ts";
import { writeAttributes } from "./attributes.ts";
import { closing, hasMarker, mendLayout } from "./layout.ts";
import { mendMatter, writeMatter } from "./matter-text.ts";

/**
 * Writes a workbook as the text that `parse` reads. What was parsed comes back byte for byte; a cell that
 * was edited since keeps of its layout what still says the truth; one without layout is written anew, in
 * a fence longer than any inside it.
 */
export function serialise(workbook: Workbook): string {
  const { cells, matter, tail = "" } = workbook;
  const end = lineEndOf(workbook);
  let text =
    workbook.front === undefined ? writeMatter(workbook) : mendMatter(workbook.front, matter, end);
  for (const [index, cell] of cells.entries()) {
    const layout = cell.layout && mendLayout(cell, cell.layout, end);
    const next = cells[index + 1];
    if (!layout) {
      const isLast = next ? /^[\n\r]/.test(next.layout?.open ?? "") : workbook.front !== undefined;
      text += gapAfter(text, end) + write(cell, end, isLast ? end : end + end);
      continue;
    }
    const before = cells[index - 1];
    const isMerged = cell.kind === "prose" && before?.kind === "prose" && !hasMarker(layout);
    const open = isMerged ? `${layout.open}${markerOf(cell)}${end}` : layout.open;
    const close = next || tail !== "" ? layout.close + closing(cell, layout, end) : layout.close;
    text += breakBefore(text, open + cell.source, end) + open + cell.source + close;
  }
  return text + (tail === "" ? "" : breakBefore(text, tail, end)) + tail;
}

/** How lines end in the file that was read. */
function lineEndOf({ front = "", cells, tail = "" }: Workbook): string {
  const kept = [front, ...cells.flatMap(({ layout }) => [layout?.open, layout?.close]), tail];
  return (
    kept.find((text) => text !== undefined && /[\n\r]/.test(text))?.match(/\r\n|\n|\r/)?.[0] ?? "\n"
  );
}

/** Two ends of line, less those there are, before what begins a paragraph of its own. */
function gapAfter(text: string, end: string): string {
  if (isBlank(text) || /(\r\n|\n|\r)[ \t]*(\r\n|\n|\r)[ \t]*$/.test(text.slice(-100))) return "";
  return /[\n\r]$/.test(text.slice(-1)) ? end : end + end;
}

/** What must stand between two pieces of a file that were not neighbours when it was read. */
function breakBefore(text: string, piece: string, end: string): string {
  return isBlank(text) || /[\n\r]$/.test(text.slice(-1)) || /^[\n\r]/.test(piece) || piece === ""
    ? ""
    : end + end;
}

function isBlank(text: string): boolean {
  return text === "" || text === "\ufeff";
}

function markerOf({ id, anonymous, attributes }: Cell): string {
  const inside = writeAttributes({ ...(anonymous ? {} : { id }), values: attributes ?? {} });
  return inside.startsWith("#") ? `<!-- cell ${inside} -->` : "<!-- cell -->";
}

function write(cell: Cell, end: string, gap: string): string {
  if (cell.kind === "prose") {
    const marker = writeAttributes({ id: cell.id, values: cell.attributes ?? {} });
    return `<!-- cell ${marker} -->${end}${cell.source}${gap}`;
  }
  const { kernel: _, run: __, ...rest } = cell.attributes ?? {};
  const attributes = writeAttributes({
    id: cell.id,
    values: {
      ...(cell.kind === "kernel" ? { kernel: true } : {}),
      ...(cell.run === "live" ? {} : { run: cell.run }),
      ...rest,
    },
  });
  const longest = Math.max(
    2,
    ...Array.from(cell.source.matchAll(/`+/g), ([ticks]) => ticks.length),
  );
  const fence = "`".repeat(longest + 1);
  const last = cell.source === "" ? "" : end;
  return `${fence}${cell.mode ?? "ts"} {${attributes}}${end}${cell.source}${last}${fence}${gap}`;
}
