import type { ChangeSet } from "@codemirror/state";
import { changeSetOf, changesBetween, textOf } from "../../editing/index.ts";
import type { EditedWorkbook, Operation } from "../../protocol/index.ts";

/** What of the document in this page became another. */
export interface ModelChange {
  /** "open": anything may have; "local" and "undo" came from this page, "remote" from elsewhere. */
  readonly origin: "open" | "local" | "undo" | "remote";
  /** What `edit` or `type` was given as `by`: whoever made the change need not be told it. */
  readonly by?: unknown;
  /** Cells in the document before and after whose text changed, with the way from one to the other. */
  readonly texts: ReadonlyMap<string, ChangeSet>;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Cells whose kind or attributes changed. */
  readonly set: readonly string[];
  /** Whether the cells that were there before and are still stand in another order. */
  readonly isReordered: boolean;
  /** Whether the front matter changed, the title say. */
  readonly isRetitled: boolean;
}

/**
 * What changed between two documents.
 *
 * @param operations that led from one to the other: of a text they say where it changed, which a cursor
 * and a selection need, and which the two texts alone do not
 */
export function changeOf(
  before: EditedWorkbook,
  after: EditedWorkbook,
  operations: readonly Operation[],
  origin: ModelChange["origin"],
  by?: unknown,
): ModelChange {
  const [old, now] = [byId(before), byId(after)];
  const texts = new Map<string, ChangeSet>();
  const set: string[] = [];
  for (const [id, cell] of now) {
    const was = old.get(id);
    if (!was || was === cell) continue;
    if (was.source !== cell.source)
      texts.set(id, textChange(id, was.source, cell.source, operations));
    if (was.kind !== cell.kind || !isSame(was.attributes, cell.attributes)) set.push(id);
  }
  const staying = (cells: EditedWorkbook["cells"]) =>
    cells.flatMap(({ id }) => (old.has(id) && now.has(id) ? [id] : [])).join("\n");
  return {
    origin,
    ...(by !== undefined && { by }),
    texts,
    added: [...now.keys()].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !now.has(id)),
    set,
    isReordered: staying(before.cells) !== staying(after.cells),
    isRetitled: !isSame(before.matter, after.matter),
  };
}

export function isNothing(change: ModelChange): boolean {
  const { texts, added, removed, set, isReordered, isRetitled } = change;
  const count = texts.size + added.length + removed.length + set.length;
  return count === 0 && !isReordered && !isRetitled;
}

function textChange(
  id: string,
  before: string,
  after: string,
  operations: readonly Operation[],
): ChangeSet {
  try {
    const steps = operations.flatMap((operation) =>
      operation.type === "text" && operation.cell === id ? [changeSetOf(operation.changes)] : [],
    );
    const [first, ...rest] = steps;
    const whole = first && rest.reduce((all, step) => all.compose(step), first);
    if (whole?.apply(textOf(before)).toString() === after) return whole;
  } catch {
    // The cell went and came back meanwhile: the two texts are all there is.
  }
  return changesBetween(before, after);
}

function byId({ cells }: EditedWorkbook) {
  return new Map(cells.map((cell) => [cell.id, cell]));
}

function isSame(a: object, b: object): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
