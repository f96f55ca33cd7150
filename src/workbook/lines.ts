import type { Position } from "./workbook.ts";

/** A line of a text: `[start, end)` without its terminator, which runs to `next`. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** The lines of `text` in [from, to); CR LF, LF and CR end a line. No line after a final one. */
export function linesOf(text: string, from = 0, to: number = text.length): Line[] {
  const lines: Line[] = [];
  const terminator = /\r\n|\n|\r/g;
  terminator.lastIndex = from;
  let start = from;
  for (
    let match = terminator.exec(text);
    match && match.index < to;
    match = terminator.exec(text)
  ) {
    lines.push({ start, end: match.index, next: terminator.lastIndex });
    start = terminator.lastIndex;
  }
  if (start < to) lines.push({ start, end: to, next: to });
  return lines;
}

/** Offset in `text` → the 1-based number of its line. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = linesOf(text).map((line) => line.start);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(low, 1);
  };
}

/** Offset → position in a source, counting lines as JavaScript does (U+2028 and U+2029 end one too). */
export function positionAt(source: string, offset: number): Position {
  const before = source.slice(0, offset).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** The offset of a position in a source: the inverse of `positionAt`; beyond a line's end, that end. */
export function offsetAt(source: string, { line, column }: Position): number {
  const lines = source.split(/(\r\n|[\n\r\u2028\u2029])/);
  const before = lines.slice(0, 2 * (line - 1)).join("");
  return before.length + Math.min(column - 1, lines[2 * (line - 1)]?.length ?? 0);
}
