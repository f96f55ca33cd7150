import { hash } from "../hash.ts";
import type { Cell, Diagnostic } from "../workbook.ts";

/** A cell as the file has it: without an id, or with one that another cell may have too. */
export type Draft = Omit<Cell, "id" | "anonymous"> & { readonly id: string | undefined };

/**
 * Gives each cell an id that no other has: the one that the file states; else the one of the cell that
 * it was before an edit; else one made from its content, so that other cells do not change it.
 */
export function identify(
  drafts: readonly Draft[],
  previous: readonly Cell[],
  diagnostics: Diagnostic[],
): Cell[] {
  const stated = new Set(drafts.map((draft) => draft.id));
  const kept = new Map<Draft, string>();
  for (const [draft, { id }] of counterparts(drafts, previous)) {
    if (!stated.has(id)) kept.set(draft, id);
  }
  const taken = new Set(kept.values());
  return drafts.map((draft): Cell => {
    const before = kept.get(draft);
    if (before !== undefined) return { ...draft, id: before, anonymous: true };
    const wanted = draft.id ?? madeFrom(draft);
    let id = wanted;
    // An id made here gives way to one that the file states.
    for (let n = 2; taken.has(id) || (id !== draft.id && stated.has(id)); n++)
      id = `${wanted}-${n}`;
    taken.add(id);
    if (draft.id === undefined) return { ...draft, id, anonymous: true };
    if (id !== draft.id) {
      const message = `The id #${draft.id} is already taken by a cell above; this one is #${id} until it has its own`;
      diagnostics.push({ message, line: draft.line });
    }
    return { ...draft, id };
  });
}

function madeFrom({ kind, source }: Draft): string {
  return `${kind === "prose" ? "prose" : "cell"}-${hash(source).slice(0, 8)}`;
}

/**
 * Which anonymous cell was which before an edit: cells that stayed the same are found first, then those
 * between the same neighbours are paired in order, kind by kind.
 */
function counterparts(drafts: readonly Draft[], previous: readonly Cell[]): [Draft, Cell][] {
  const pairs: [Draft, Cell][] = [];
  let [draft, cell] = [0, 0];
  const anchors = common(drafts.map(keyOf), previous.map(previousKeyOf));
  for (const [nextDraft, nextCell] of [...anchors, [drafts.length, previous.length] as const]) {
    const gap = previous.slice(cell, nextCell).filter((old) => old.anonymous);
    for (const changed of drafts.slice(draft, nextDraft)) {
      const at = changed.id === undefined ? gap.findIndex((old) => old.kind === changed.kind) : -1;
      if (at >= 0) pairs.push([changed, gap.splice(at, 1)[0]!]);
    }
    const [same, old] = [drafts[nextDraft], previous[nextCell]];
    if (same && old && same.id === undefined) pairs.push([same, old]);
    [draft, cell] = [nextDraft + 1, nextCell + 1];
  }
  return pairs;
}

function keyOf({ id, kind, source }: Draft): string {
  return id === undefined ? `${kind}\n${source}` : `#${id}`;
}

function previousKeyOf(cell: Cell): string {
  return keyOf({ ...cell, id: cell.anonymous ? undefined : cell.id });
}

/** Index pairs of a longest common subsequence: equal ends first, the middle by dynamic programming. */
function common(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1])
    [endA, endB] = [endA - 1, endB - 1];
  const width = endB - start + 1;
  const lengths = new Uint32Array((endA - start + 1) * width);
  const at = (i: number, j: number): number => (i - start) * width + (j - start);
  for (let i = endA - 1; i >= start; i--) {
    for (let j = endB - 1; j >= start; j--) {
      lengths[at(i, j)] =
        a[i] === b[j]
          ? lengths[at(i + 1, j + 1)]! + 1
          : Math.max(lengths[at(i + 1, j)]!, lengths[at(i, j + 1)]!);
    }
  }
  const pairs = Array.from({ length: start }, (_, index) => [index, index] as const);
  let [i, j] = [start, start];
  while (i < endA && j < endB) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengths[at(i + 1, j)]! >= lengths[at(i, j + 1)]!) i++;
    else j++;
  }
  for (; endA < a.length; endA++, endB++) pairs.push([endA, endB]);
  return pairs;
}
