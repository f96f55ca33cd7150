import { writeAttributes } from "./attributes.ts";
import type { Cell, Workbook } from "./workbook.ts";

/**
 * Writes a workbook as the text that `parse` reads. What was parsed comes back byte for byte; a cell
 * without layout is written anew, in a fence longer than any inside it.
 */
export function serialise(workbook: Workbook): string {
  const { cells } = workbook;
  const body = cells.map((cell, index) => {
    if (!cell.layout) return write(cell, cells[index - 1]);
    return cell.layout.open + cell.source + cell.layout.close;
  });
  return (workbook.front ?? writeMatter(workbook)) + body.join("") + (workbook.tail ?? "");
}

function write(cell: Cell, before: Cell | undefined): string {
  const gap = before?.layout && !/(\n|\r)\s*$/.test(before.layout.close) ? "\n\n" : "";
  if (cell.kind === "prose") {
    const marker = writeAttributes({ id: cell.id, values: cell.attributes ?? {} });
    return `${gap}<!-- cell ${marker} -->\n${cell.source}\n\n`;
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
  const end = cell.source === "" ? "" : "\n";
  return `${gap}${fence}${cell.mode ?? "ts"} {${attributes}}\n${cell.source}${end}${fence}\n\n`;
}

function writeMatter({ title, summary, matter }: Workbook): string {
  const values = { ...matter, ...(title && { title }), ...(summary && { summary }) };
  const entries = Object.entries(values);
  if (entries.length === 0) return "";
  return `---\n${entries.map(([key, value]) => `${key}: ${quote(value)}`).join("\n")}\n---\n\n`;
}

function quote(value: string): string {
  return /^[\p{L}\p{N}][^\n\r:#"'\\]*$/u.test(value) && value.trim() === value
    ? value
    : JSON.stringify(value);
}
