import type { Edit, EditedWorkbook, RevisionName } from "../../protocol/index.ts";
import type { UndoStep } from "./undo-history.ts";

/** Where the document is kept through a reload of the page: text, or null when there is none. */
export interface DocumentStorage {
  load(): string | null;
  /** @param isAccepted whether all that is in it is with the server */
  store(text: string, isAccepted: boolean): void;
}

/** What of the model is kept through a reload. */
export interface Kept {
  readonly name: RevisionName;
  readonly accepted: EditedWorkbook;
  readonly pending: readonly Edit[];
  readonly undo: readonly UndoStep[];
  readonly redo: readonly UndoStep[];
}

/** Larger than this is not kept through a reload: a page has 5 MB for all. */
const largestKept = 2_000_000;

/** What was kept; undefined when nothing was, or nothing of ours. */
export function load(storage: DocumentStorage): Kept | undefined {
  try {
    const text = storage.load();
    return text === null ? undefined : (JSON.parse(text) as Kept);
  } catch {
    return undefined;
  }
}

/** Keeps what there is room for: what was not accepted first of all. */
export function store(storage: DocumentStorage, kept: Kept): void {
  const text = JSON.stringify(kept);
  const isAccepted = kept.pending.length === 0;
  try {
    if (text.length <= largestKept) storage.store(text, isAccepted);
    else storage.store(JSON.stringify({ ...kept, undo: [], redo: [] } satisfies Kept), isAccepted);
  } catch {
    // No room: the server has what was accepted.
  }
}
