import type { Cell } from "../workbook.ts";
import { parse } from "./parse.ts";

/** Index of the first cell that a Markdown text does not say as it is meant, undefined when it says them all. */
export function misreadOf(text: string, meant: readonly Cell[]): number | undefined {
  const { cells } = parse(text);
  const wrong = meant.findIndex((cell, index) => !isSame(cell, cells[index]));
  if (wrong >= 0) return wrong;
  return cells.length === meant.length ? undefined : meant.length;
}

function isSame(meant: Cell, read: Cell | undefined): boolean {
  if (!read || meant.kind !== read.kind || meant.source !== read.source) return false;
  if (!meant.anonymous && meant.id !== read.id) return false;
  if (meant.kind === "prose") return true;
  return meant.run === read.run && signatureOf(meant) === signatureOf(read);
}

/** The attributes that have no place of their own. */
function signatureOf({ attributes = {} }: Cell): string {
  const { kernel: _, run: __, ...rest } = attributes;
  return JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
