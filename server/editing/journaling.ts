import { randomUUID } from "node:crypto";
import { difference } from "../../src/editing/index.ts";
import type { AcceptedEdit, EditedWorkbook } from "../../src/protocol/index.ts";
import type { EditJournal } from "./edit-journal.ts";
import { contentHash, type JournalState, unsavedLabel } from "./journal-file.ts";
import type { Revisions } from "./revisions.ts";

/** What a document's file holds. */
export interface OnDisk {
  readonly content: EditedWorkbook;
  readonly text: string;
}

/** Keeps the journal of an open document, as far as it can be written. */
export class Journaling {
  readonly #revisions: Revisions;
  #journal: EditJournal;
  #isWhole = true;

  constructor(journal: EditJournal, revisions: Revisions) {
    this.#journal = journal;
    this.#revisions = revisions;
  }

  /** Whether all that was accepted is in the journal. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  get isLong(): boolean {
    return this.#journal.isLong;
  }

  /** Begins the journal anew with the file as it is now, and what the document has beyond that. */
  restart(onDisk: OnDisk): Promise<void> {
    return this.begin(stateOf(this.#revisions, onDisk));
  }

  begin(state: JournalState): Promise<void> {
    return this.#begin(this.#journal, state);
  }

  async #begin(journal: EditJournal, state: JournalState): Promise<void> {
    // A state folder that cannot be written: edits are in memory and go to the file.
    const { epoch, revision } = this.#revisions;
    const missed = () => this.#revisions.since({ epoch, revision }) ?? [];
    this.#isWhole = await journal.begin(state, missed).then(
      () => true,
      () => false,
    );
  }

  /** Goes on in another journal, in place of the one before. */
  async move(journal: EditJournal, onDisk: OnDisk): Promise<void> {
    const before = this.#journal;
    await journal.setAside();
    // What comes meanwhile goes to the one before, and with the rest into the new one.
    await this.#begin(journal, stateOf(this.#revisions, onDisk));
    this.#journal = journal;
    await before.remove();
  }

  /** @returns whether they, and all before them, are in the journal */
  append(edits: readonly AcceptedEdit[]): boolean {
    // Edits after one that is missing there would be of no use to anybody.
    if (!this.#isWhole) return false;
    try {
      this.#journal.append(edits);
    } catch {
      this.#isWhole = false;
    }
    return this.#isWhole;
  }

  /** The file is about to hold `text`, which is the document at a revision. */
  note(revision: number, text: string): void {
    try {
      this.#journal.file(revision, contentHash(text));
      this.#journal.sync();
    } catch {
      // The file alone then.
    }
  }

  close(): void {
    this.#journal.close();
  }
}

function stateOf(
  { content, epoch, revision }: Revisions,
  { content: onDisk, text }: OnDisk,
): JournalState {
  const operations = difference(onDisk, content);
  const base = { epoch, revision, content: onDisk, hash: contentHash(text) };
  if (operations.length === 0) return { base, edits: [], files: [] };
  const edit: AcceptedEdit = { id: randomUUID(), label: unsavedLabel, operations, revision };
  return { base: { ...base, revision: revision - 1 }, edits: [edit], files: [] };
}
