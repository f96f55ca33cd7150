import { positionAt } from "../lines.ts";
import type { Position, Range } from "../workbook.ts";

/** Text to stand in the place of a range of a code; an empty range inserts. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** A code after its edits, on the same lines. */
export interface Rewritten {
  readonly code: string;
  /** The position in the code before the edits of a position after them. */
  original(position: Position): Position;
}

/** What moved on a line: from `column` on (after the edits), by `width`. */
interface Shift extends Position {
  readonly width: number;
}

/** A text that stands for one of the code: all of it is where that began. */
interface Replaced extends Shift {
  readonly original: Position;
}

const newline = /\r\n|[\n\r\u2028\u2029]/g;

/**
 * Applies edits, in order and apart from each other, so that every line stays the same line. A text
 * takes the room of what it replaces; where it needs more, what follows on its line is moved, which
 * `original` takes back.
 */
export function rewrite(code: string, edits: readonly Edit[]): Rewritten {
  const shifts: Shift[] = [];
  const replaced: Replaced[] = [];
  let rewritten = "";
  let at = 0;
  for (const { range, text } of edits) {
    const [start, end] = range;
    rewritten += code.slice(at, start);
    if (end > start && text.length > 0) {
      const place = positionAt(rewritten, rewritten.length);
      replaced.push({ ...place, width: text.length, original: positionAt(code, start) });
    }
    rewritten += fitted(text, code.slice(start, end));
    const after = positionAt(rewritten, rewritten.length);
    const width = after.column - positionAt(code, end).column - moved(shifts, after);
    if (width > 0) shifts.push({ ...after, width });
    at = end;
  }
  return {
    code: rewritten + code.slice(at),
    original: (position) => {
      const inside = replaced.find(
        ({ line, column, width }) =>
          line === position.line && column <= position.column && position.column < column + width,
      );
      if (inside) return inside.original;
      let { column } = position;
      for (const shift of shifts.toReversed()) {
        // A place inside a text that was put in is the place where it was put.
        const behind = Math.max(0, column - (shift.column - shift.width));
        if (shift.line === position.line) column -= Math.min(shift.width, behind);
      }
      return { line: position.line, column };
    },
  };
}

export function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
}

function moved(shifts: readonly Shift[], { line }: Position): number {
  return shifts.reduce((sum, shift) => sum + (shift.line === line ? shift.width : 0), 0);
}

/** `text` with the line breaks of what it replaces, and the width of its last line at least. */
function fitted(text: string, replaced: string): string {
  const breaks = Array.from(replaced.matchAll(newline), ([found]) => found).join("");
  const last = replaced.split(newline).at(-1)!;
  return breaks === "" ? text.padEnd(last.length) : text + breaks + " ".repeat(last.length);
}
