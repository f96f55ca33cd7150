import { Change, diff, presentableDiff } from "@codemirror/merge";

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
  const [before, after] = [was.split("\n"), now.split("\n")];
  const lines: DifferenceLine[] = [];
  let [a, b] = [0, 0];
  const same = (end: number) => {
    for (; a < end; a++, b++) {
      lines.push({ kind: "same", was: a + 1, now: b + 1, text: before[a]! });
    }
  };
  for (const { fromA, toA, fromB, toB } of changedLines(before, after)) {
    same(fromA);
    const [gone, come] = [before.slice(fromA, toA), after.slice(fromB, toB)];
    const changes = presentableDiff(gone.join("\n"), come.join("\n"), limits);
    const changesA = changes.map(({ fromA, toA }) => [fromA, toA] as const);
    const changesB = changes.map(({ fromB, toB }) => [fromB, toB] as const);
    let start = 0;
    for (const text of gone) {
      lines.push({ kind: "was", line: ++a, pieces: pieces(text, start, changesA) });
      start += text.length + 1;
    }
    start = 0;
    for (const text of come) {
      lines.push({ kind: "now", line: ++b, pieces: pieces(text, start, changesB) });
      start += text.length + 1;
    }
  }
  same(before.length);
  return folded(lines);
}

/** Where exact differences would take long, coarser ones do; in letters that differ. */
const limits = { scanLimit: 500 };

/** Letters below the surrogates, of which each stands for itself. */
const letters = 0xd800;

/**
 * Ranges of lines that differ. Each different line is a letter for the comparison, as the library's own
 * chunks of lines begin before the text where an empty line is gone from its beginning.
 */
function changedLines(before: readonly string[], after: readonly string[]): readonly Change[] {
  const numbers = new Map<string, number>();
  const spelled = (lines: readonly string[]) =>
    lines
      .map((line) => {
        if (!numbers.has(line)) numbers.set(line, numbers.size);
        return String.fromCharCode(numbers.get(line)! % letters);
      })
      .join("");
  const [a, b] = [spelled(before), spelled(after)];
  if (numbers.size > letters) return [new Change(0, before.length, 0, after.length)];
  return diff(a, b, limits);
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
