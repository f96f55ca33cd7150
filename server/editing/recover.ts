import { randomUUID } from "node:crypto";
import { editedOf, merge, workbookOf } from "../../src/editing/index.ts";
import type { CellConflict, EditedWorkbook } from "../../src/protocol/index.ts";
import { parseWorkbook } from "../../src/workbook/index.ts";
import type { EditJournal } from "./edit-journal.ts";
import { contentHash, isOfPerson, type JournalState, replayed } from "./journal-file.ts";
import { Revisions } from "./revisions.ts";

/** A document when it is opened: its file, and over it what the journal of an earlier server has. */
export interface Recovered {
  /** What the file holds. */
  readonly onDisk: EditedWorkbook;
  readonly revisions: Revisions;
  /** Edits that were in the journal and not in the file. */
  readonly count: number;
  readonly conflicts: readonly CellConflict[];
  /** The journal to go on with; none when it must begin anew. */
  readonly journal?: JournalState;
}

/**
 * Lays a journal over the file it belongs to: a file that is at a revision the journal knows has the edits
 * after that; one that somebody else wrote is merged with them, by cell.
 */
export function recover(
  journal: EditJournal,
  { path, text }: { readonly path: string; readonly text: string },
): Recovered {
  const found = journal.read();
  if (!found) {
    const onDisk = editedOf(parseWorkbook(path, text));
    return { onDisk, revisions: new Revisions(onDisk), count: 0, conflicts: [] };
  }
  const { base } = found;
  const { edits, content } = replayed(found);
  const revisions = new Revisions(base.content, base);
  revisions.replay(edits);
  const files = [{ revision: base.revision, hash: base.hash }, ...found.files];
  const hash = contentHash(text);
  const at = files.findLast((known) => known.hash === hash);
  const contentAt = (revision: number) =>
    replayed({ ...found, edits: edits.filter((edit) => edit.revision <= revision) }).content;
  const countAfter = (revision: number) =>
    edits.filter((edit) => edit.revision > revision && isOfPerson(edit)).length;
  if (at) {
    const onDisk = contentAt(at.revision);
    const count = countAfter(at.revision);
    return { onDisk, revisions, count, conflicts: [], journal: { ...found, edits } };
  }
  // Somebody wrote over it. Whether the newest revision noted was there before, nobody knows; what is the
  // same in both versions is no conflict either way.
  const parted = files.at(-1)!;
  const before = contentAt(parted.revision);
  const onDisk = editedOf(parseWorkbook(path, text, workbookOf(before)));
  const { operations, conflicts } = merge(before, content, onDisk);
  if (operations.length > 0) {
    revisions.change({ id: randomUUID(), label: "change on disk", operations });
  }
  return { onDisk, revisions, count: countAfter(parted.revision), conflicts };
}
