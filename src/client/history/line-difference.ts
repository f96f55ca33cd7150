import { Chunk } from "@codemirror/merge";
import { textOf } from "../../editing/index.ts";

/** A piece of a line; changed pieces differ from the line that it was, or became. */
export interface Piece {
  readonly text: string;
  readonly isChanged: boolean;
}

/** A line of two texts laid over each other. */
export type DifferenceLine =
  /** In both; `was` and `now` are its numbers, from 1. */
  | { readonly kind: "same"; readonly was: number; readonly now: number; readonly text: string }
  /** Only in the text that was, or only in the one that is now. */
  | { readonly kind: "was" | "now"; readonly line: number; readonly pieces: readonly Piece[] }
  /** So many lines that are in both and far from any that differ. */
  | { readonly kind: "gap"; readonly count: number };

/** Lines in both that are shown before and after those that differ. */
const around = 3;

/**
 * Two texts line by line: what both have once, of what differs first the lines that were, then those that
 * are now, with the pieces that differ within them. A text that is null is not there: all of the other
 * differs.
 */
export function lineDifference(was: string | null, now: string | null): readonly DifferenceLine[] {
  if (was === null || now === null) {
    const [kind, text] = was === null ? (["now", now] as const) : (["was", was] as const);
    return (text?.split("\n") ?? []).map((line, index) => ({
      kind,
      line: index + 1,
      pieces: line === "" ? [] : [{ text: line, isChanged: false }],
    }));
  }
  const [before, after] = [textOf(was), textOf(now)];
  const lines: DifferenceLine[] = [];
  let [a, b] = [1, 1];
  const same = (end: number) => {
    for (; a < end; a++, b++) {
      lines.push({ kind: "same", was: a, now: b, text: before.line(a).text });
    }
  };
  for (const chunk of Chunk.build(before, after)) {
    const [fromA, toA] = linesOf(before, chunk.fromA, chunk.toA);
    const [fromB, toB] = linesOf(after, chunk.fromB, chunk.toB);
    same(fromA);
    const changesA = chunk.changes.map(({ fromA, toA }) => [fromA, toA] as const);
    const changesB = chunk.changes.map(({ fromB, toB }) => [fromB, toB] as const);
    for (a = fromA; a < toA; a++) {
      const { from, text } = before.line(a);
      lines.push({ kind: "was", line: a, pieces: pieces(text, from - chunk.fromA, changesA) });
    }
    for (b = fromB; b < toB; b++) {
      const { from, text } = after.line(b);
      lines.push({ kind: "now", line: b, pieces: pieces(text, from - chunk.fromB, changesB) });
    }
  }
  same(before.lines + 1);
  return folded(lines);
}

/** Numbers of the first line of a range and of the one after its last. */
function linesOf(text: ReturnType<typeof textOf>, from: number, to: number): [number, number] {
  const first = from > text.length ? text.lines + 1 : text.lineAt(from).number;
  const end = to > text.length ? text.lines + 1 : text.lineAt(to).number;
  return [first, Math.max(first, end)];
}

/** @param start of the line, `changes` being counted from the same place */
function pieces(
  text: string,
  start: number,
  changes: readonly (readonly [number, number])[],
): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  const take = (end: number, isChanged: boolean) => {
    if (end > at) found.push({ text: text.slice(at, end), isChanged });
    at = Math.max(at, end);
  };
  for (const [from, to] of changes) {
    if (to <= start || from >= start + text.length) continue;
    take(from - start, false);
    take(Math.min(text.length, to - start), true);
  }
  take(text.length, false);
  return found;
}

/** Leaves out what is the same in both and far from what differs. */
function folded(lines: readonly DifferenceLine[]): readonly DifferenceLine[] {
  const differs = lines.flatMap(({ kind }, index) => (kind === "same" ? [] : [index]));
  const shown: DifferenceLine[] = [];
  let count = 0;
  const leave = () => {
    if (count > 0) shown.push({ kind: "gap", count });
    count = 0;
  };
  let next = 0;
  for (const [index, line] of lines.entries()) {
    while (next < differs.length - 1 && differs[next]! + around < index) next++;
    const isNear = differs.length > 0 && Math.abs(differs[next]! - index) <= around;
    if (!isNear) {
      count++;
      continue;
    }
    leave();
    shown.push(line);
  }
  leave();
  return shown;
}
