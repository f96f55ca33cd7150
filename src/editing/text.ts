import { ChangeSet, Text } from "@codemirror/state";
import type { TextChanges } from "../protocol/index.ts";

/** A cell's source as the editor's library holds it: lines end in `\n`, nothing else ends one. */
export function textOf(source: string): Text {
  return Text.of(source.split("\n"));
}

/** @throws {RangeError} when they are no changes */
export function changeSetOf(changes: TextChanges): ChangeSet {
  return ChangeSet.fromJSON(changes);
}

/** @throws {RangeError} when the changes are of a text of another length */
export function changedText(source: string, changes: TextChanges): string {
  return changeSetOf(changes).apply(textOf(source)).toString();
}

/** The changes that lead from `before` to `after`: one replacement between what both begin and end with. */
export function changesBetween(before: string, after: string): ChangeSet {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let common = 0;
  while (common < shorter - from && before.at(-1 - common) === after.at(-1 - common)) common++;
  const insert = textOf(after.slice(from, after.length - common));
  if (from === before.length - common && insert.length === 0) return ChangeSet.empty(before.length);
  return ChangeSet.of({ from, to: before.length - common, insert }, before.length);
}

/** Whether the changes insert anything. */
export function inserts(changes: TextChanges): boolean {
  return changes.some((part) => typeof part !== "number" && part.length > 1);
}

/** The changes as they travel. */
export function jsonOf(changes: ChangeSet): TextChanges {
  return changes.toJSON() as TextChanges;
}
