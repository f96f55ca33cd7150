import { editedOf, merge, workbookOf } from "../../src/editing/index.ts";
import type {
  AcceptedEdit,
  CellConflict,
  EditedWorkbook,
  Operation,
} from "../../src/protocol/index.ts";
import { parseWorkbook, serialiseWorkbook } from "../../src/workbook/index.ts";
import { EditJournal } from "../editing/edit-journal.ts";
import { History } from "../editing/history.ts";
import type { JournalState } from "../editing/journal-file.ts";
import { Journaling, type OnDisk } from "../editing/journaling.ts";
import { recover } from "../editing/recover.ts";
import type { Revisions } from "../editing/revisions.ts";
import { removeUnfinished } from "../editing/unfinished.ts";
import { type WriteWorkbook, writeWorkbook } from "../editing/write-workbook.ts";
import type { WorkbookFile, WorkbookFolder } from "./folder.ts";
import { FollowedFile } from "./followed-file.ts";

/** Where documents are kept beside their files. */
export interface DocumentStore {
  /** Folder for what Simile remembers of a person. */
  readonly state: string;
  /** Writes a file; tests give one that fails. */
  readonly write?: WriteWorkbook;
}

/** Who hears what happens to a document's file. */
export interface FileListener {
  /** What is wrong with the file is another thing, or nothing. */
  problem(): void;
  /** The file is about to hold `text` in place of what it holds. */
  writing(text: string): Promise<void>;
  /** Others have written it: what that does to the document, and where it cannot be done. */
  merged(operations: readonly Operation[], conflicts: readonly CellConflict[]): void;
  /** What others have written is in the journal too. */
  reread(conflicts: readonly CellConflict[]): void;
}

/**
 * The file of an open document, with its journal and its history: written as the document is, and read when
 * others have written it.
 */
export class DocumentFile {
  readonly #state: string;
  readonly #listener: FileListener;
  readonly #file: FollowedFile;
  readonly #journal: Journaling;
  readonly #resumed: JournalState | undefined;
  #history: History;
  /** What the file holds. */
  #content: EditedWorkbook;
  /** Whether what is saved next is, or begins with, an earlier version. */
  #isRestored = false;
  /** What reads or writes the file, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The document, as the file and the journal of an earlier server had it when it was opened. */
  readonly revisions: Revisions;
  /** Edits that were in the journal and not in the file then. */
  readonly recovered: number;
  /** Cells of which they had different texts then. */
  readonly parted: readonly CellConflict[];

  constructor(
    folder: WorkbookFolder,
    file: WorkbookFile,
    { state, write = writeWorkbook }: DocumentStore,
    listener: FileListener,
  ) {
    this.#state = state;
    this.#listener = listener;
    this.#file = new FollowedFile(folder, file, write, () => listener.problem());
    this.#history = this.#historyOf(file);
    const journal = this.#journalOf(file);
    const { onDisk, revisions, count, conflicts, journal: resumed } = recover(journal, file);
    this.#journal = new Journaling(journal, revisions);
    this.#resumed = resumed;
    this.#content = onDisk;
    this.revisions = revisions;
    this.recovered = count;
    this.parted = conflicts;
  }

  /** The file as it was read or written last. */
  get known(): WorkbookFile {
    return this.#file.known;
  }

  /** The document that it holds. */
  get content(): EditedWorkbook {
    return this.#content;
  }

  get history(): History {
    return this.#history;
  }

  /** Whether all that was accepted is in the journal. */
  get isJournaled(): boolean {
    return this.#journal.isWhole;
  }

  /** What is wrong with the file on disk. */
  get problem(): string | undefined {
    return this.#file.problem;
  }

  /** Whether there is no such file any more. */
  get isGone(): boolean {
    return this.#file.isGone;
  }

  /** The document as the file would be. */
  get text(): string {
    return serialiseWorkbook(this.known.path, workbookOf(this.revisions.content));
  }

  /** Whether the document is another than the file has. */
  get isUnsaved(): boolean {
    return this.text !== this.known.text;
  }

  async begin(): Promise<void> {
    await removeUnfinished(this.known.file);
    if (this.#resumed) await this.#journal.begin(this.#resumed);
    else await this.#journal.restart(this.#onDisk);
    await this.#history.keep(this.known.text, "opened").catch(() => {});
  }

  /** Reads it from now on whenever something may have happened to it, now first. */
  follow(): void {
    this.#file.follow(() => void this.inTurn(() => this.#reread()));
  }

  /** @returns whether the edits, and all before them, are in the journal */
  append(edits: readonly AcceptedEdit[]): boolean {
    this.#isRestored ||= edits.some(({ label }) => label.startsWith("restore "));
    return this.#journal.append(edits);
  }

  /** Does what reads or writes the file, after all that was asked before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Takes in what is on disk, and begins a journal that is not whole anew. In a turn. */
  async catchUp(): Promise<void> {
    await this.#reread();
    if (!this.#journal.isWhole) await this.#journal.restart(this.#onDisk);
  }

  /**
   * Writes the document as it is now, unless the file has it. In a turn.
   *
   * @returns the revision that is in it then
   * @throws {Error} with the sentence for the person
   */
  async write(): Promise<number> {
    const { text } = this;
    const { revision, content } = this.revisions;
    const isMissing = await this.#file.isMissing();
    if (text !== this.known.text || isMissing) {
      // A file that was deleted is made again, one that is another thing now is left alone.
      if (this.problem !== undefined && !isMissing) throw new Error(this.problem);
      this.#journal.note(revision, text);
      await this.#listener.writing(text);
      await this.#file.write(text);
    }
    this.#content = content;
    if (this.#journal.isLong) await this.#journal.restart(this.#onDisk);
    const cause = this.#isRestored ? "restored" : "saved";
    this.#isRestored = false;
    await this.#history.keep(text, cause).catch(() => {});
    return revision;
  }

  /**
   * The file gets another path: it is followed there with its journal and its history. In a turn.
   *
   * @throws {Error} what `move` does; the file is then where it was
   */
  async relocate(move: () => Promise<WorkbookFile>): Promise<void> {
    const file = await move();
    this.#file.take(file);
    this.#file.close();
    const history = this.#history;
    this.#history = this.#historyOf(file);
    await this.#journal.move(this.#journalOf(file), this.#onDisk);
    await history.move(this.#history);
    this.follow();
  }

  /** Ends once all that was asked is done. */
  async close(): Promise<void> {
    this.#file.close();
    await this.#turn;
    this.#journal.close();
  }

  get #onDisk(): OnDisk {
    return { content: this.#content, text: this.known.text };
  }

  #journalOf({ file }: WorkbookFile): EditJournal {
    return new EditJournal(`${this.#state}/journals`, file);
  }

  #historyOf({ file }: WorkbookFile): History {
    return new History(`${this.#state}/history`, file);
  }

  async #reread(): Promise<void> {
    const file = await this.#file.read();
    if (!file || file.text === this.known.text) return;
    const theirs = editedOf(parseWorkbook(file.path, file.text, workbookOf(this.#content)));
    const { operations, conflicts } = merge(this.#content, this.revisions.content, theirs);
    this.#file.take(file);
    this.#content = theirs;
    this.#listener.merged(operations, conflicts);
    await this.#journal.restart(this.#onDisk);
    this.#listener.reread(conflicts);
    await this.#history.keep(file.text, "disk").catch(() => {});
  }
}
