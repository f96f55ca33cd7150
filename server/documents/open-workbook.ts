import { randomUUID } from "node:crypto";
import { lstat } from "node:fs/promises";
import { difference, editedOf, merge, workbookOf } from "../../src/editing/index.ts";
import type {
  AcceptedEdit,
  CellConflict,
  Edit,
  EditCommand,
  EditedWorkbook,
  Operation,
  RevisionName,
  SaveState,
} from "../../src/protocol/index.ts";
import { parseWorkbook, serialiseWorkbook } from "../../src/workbook/index.ts";
import { Conflicts } from "../editing/conflicts.ts";
import { EditJournal } from "../editing/edit-journal.ts";
import { History } from "../editing/history.ts";
import { contentHash, type JournalState, unsavedLabel } from "../editing/journal-file.ts";
import { recover } from "../editing/recover.ts";
import type { Acceptance, Revisions } from "../editing/revisions.ts";
import { Saving, type WriteOutcome } from "../editing/saving.ts";
import { removeUnfinished } from "../editing/unfinished.ts";
import { type WriteWorkbook, writeWorkbook } from "../editing/write-workbook.ts";
import { Definitions } from "./definitions.ts";
import type { Document, DocumentChange } from "./document.ts";
import { type WorkbookFile, WorkbookFileError, type WorkbookFolder } from "./folder.ts";
import { FileWatch } from "./watch.ts";

/** How long an emptied file is given to be filled again. */
const fillMilliseconds = 300;

/** Where documents are kept beside their files. */
export interface DocumentStore {
  /** Folder for what Simile remembers of a person. */
  readonly state: string;
  /** Writes a file; tests give one that fails. */
  readonly write?: WriteWorkbook;
}

/** Who hears what happens to an open workbook. */
export interface WorkbookListener {
  /** What is defined is another document. */
  changed(change: DocumentChange, cause: "disk" | "edit"): void;
  edited(edits: readonly AcceptedEdit[]): void;
  saved(state: SaveState): void;
  /** The file is about to hold `text` in place of what it holds. */
  writing(text: string): Promise<void>;
  conflicts(conflicts: readonly CellConflict[]): void;
  /** What is wrong with the file is another thing, or nothing. */
  problem(): void;
  /** The file has another path. */
  moved(): void;
}

/**
 * An open workbook: the document as its pages edit it, what of it is defined, and its file, which follows
 * the edits and is followed. When the file cannot be read, the document is as it last was.
 */
export class OpenWorkbook {
  readonly #folder: WorkbookFolder;
  #journal: EditJournal;
  #history: History;
  readonly #state: string;
  readonly #write: WriteWorkbook;
  readonly #revisions: Revisions;
  readonly #saving: Saving;
  readonly #conflicts = new Conflicts();
  readonly #definitions: Definitions;
  readonly #recovered: number;
  readonly #resumed: JournalState | undefined;
  #file: WorkbookFile;
  /** What the file holds. */
  #onDisk: EditedWorkbook;
  #listener: WorkbookListener | undefined;
  #problem: string | undefined;
  #isGone = false;
  /** Whether what is saved next is, or begins with, an earlier version. */
  #isRestored = false;
  /** Whether all that was accepted is in the journal. */
  #isJournaled = true;
  #watch: FileWatch | undefined;
  /** What reads or writes the file, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws {WorkbookFileError} when there is no such workbook */
  static async open(
    path: string,
    folder: WorkbookFolder,
    store: DocumentStore,
  ): Promise<OpenWorkbook> {
    const file = await folder.read(path);
    const opened = new OpenWorkbook(folder, file, store);
    await opened.#begin();
    return opened;
  }

  private constructor(folder: WorkbookFolder, file: WorkbookFile, store: DocumentStore) {
    this.#folder = folder;
    this.#file = file;
    this.#write = store.write ?? writeWorkbook;
    this.#state = store.state;
    this.#journal = new EditJournal(`${store.state}/journals`, file.file);
    this.#history = new History(`${store.state}/history`, file.file);
    const recovered = recover(this.#journal, file);
    this.#onDisk = recovered.onDisk;
    this.#revisions = recovered.revisions;
    this.#recovered = recovered.count;
    this.#resumed = recovered.journal;
    this.#conflicts.add(recovered.conflicts);
    this.#definitions = new Definitions(
      () => ({ path: this.#file.path, content: this.content }),
      (change, cause) => this.#listener?.changed(change, cause),
    );
    this.#saving = new Saving(
      this.#revisions.revision,
      () => this.#inTurn(() => this.#save()),
      () => this.#listener?.saved(this.saved),
    );
  }

  get file(): WorkbookFile {
    return this.#file;
  }

  get document(): Document {
    return this.#definitions.document;
  }

  get content(): EditedWorkbook {
    return this.#revisions.content;
  }

  get name(): RevisionName {
    return { epoch: this.#revisions.epoch, revision: this.#revisions.revision };
  }

  /** Edits that were in the journal and not in the file when the workbook was opened. */
  get recovered(): number {
    return this.#recovered;
  }

  get saved(): SaveState {
    const { state } = this.#saving;
    return state.state === "failed" && !this.#isJournaled ? { ...state, unjournaled: true } : state;
  }

  get conflicts(): readonly CellConflict[] {
    return this.#conflicts.told(this.content);
  }

  get history(): History {
    return this.#history;
  }

  /** What is wrong with the file on disk; the document is then the last good one. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether there is no such file any more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** The document as its file would be. */
  get text(): string {
    return this.#textOf(this.content);
  }

  /** Follows the file from now on, and what happened to it since it was opened. */
  follow(listener: WorkbookListener): void {
    this.#listener = listener;
    this.#follow();
    if (this.#isUnsaved) this.#saving.touch(this.#revisions.revision);
  }

  /** The edits after a revision; undefined when they are not known any more. */
  since(name: RevisionName): readonly AcceptedEdit[] | undefined {
    return this.#revisions.since(name);
  }

  /**
   * Accepts a client's edits or says that they are outdated. When this returns they are in the journal.
   *
   * @throws {EditError} when they do not fit
   */
  accept(base: RevisionName, edits: readonly Edit[], author: string): Acceptance {
    const acceptance = this.#revisions.accept(base, edits, author);
    if ("accepted" in acceptance) this.#accepted(acceptance.accepted, "edit");
    return acceptance;
  }

  /** Defines code cells as they are now; all without `ids`. */
  apply(ids?: readonly string[]): void {
    this.#definitions.apply(ids);
  }

  /** Decides what becomes of cells in conflict. */
  resolve({ cell, keep }: Extract<EditCommand, { type: "resolve" }>): void {
    const operations = this.#conflicts.resolve(this.content, this.#onDisk, keep, cell);
    if (operations.length > 0) this.#change("resolve a conflict", operations, "edit");
    this.#listener?.conflicts(this.conflicts);
    if (this.#conflicts.none && this.#isUnsaved) this.#saving.touch(this.#revisions.revision);
    if (this.#conflicts.none) void this.save();
  }

  /** Writes now what is not in the file yet. */
  save(): Promise<void> {
    return this.#saving.now();
  }

  /** As `save`; a file that was deleted is made anew, whether there is anything unsaved or not. */
  saveAgain(): Promise<void> {
    if (this.#isGone) this.#saving.touch(this.#revisions.revision);
    return this.save();
  }

  /**
   * The file gets another path: nothing reads or writes it while `move` does that, and it is followed there
   * with its journal and its history.
   *
   * @throws {Error} what `move` does; the file is then where it was
   */
  relocate(move: () => Promise<WorkbookFile>): Promise<void> {
    return this.#inTurn(async () => {
      this.#file = await move();
      this.#watch?.close();
      const [journal, history] = [this.#journal, this.#history];
      this.#journal = new EditJournal(`${this.#state}/journals`, this.#file.file);
      this.#history = new History(`${this.#state}/history`, this.#file.file);
      await this.#journal.setAside();
      await this.#beginJournal();
      await journal.remove();
      await history.move(this.#history);
      this.#follow();
      this.#listener?.moved();
    });
  }

  /** Writes what is unsaved, as far as that can be, and ends. */
  async close(): Promise<void> {
    await this.save();
    this.#saving.close();
    this.#watch?.close();
    await this.#turn;
    this.#journal.close();
  }

  get #isUnsaved(): boolean {
    return this.#textOf(this.content) !== this.#file.text;
  }

  #follow(): void {
    const reread = () => void this.#inTurn(() => this.#reread());
    this.#watch = new FileWatch(this.#file.file, reread);
    reread();
  }

  async #begin(): Promise<void> {
    await this.#definitions.begin();
    await removeUnfinished(this.#file.file);
    await this.#beginJournal(this.#resumed);
    await this.#history.keep(this.#file.text, "opened").catch(() => {});
  }

  /**
   * Begins the journal anew.
   *
   * @param state by default the file as it is now, and what the document has beyond that
   */
  async #beginJournal(state: JournalState = this.#journalState()): Promise<void> {
    // A state folder that cannot be written: edits are in memory and go to the file.
    const { name } = this;
    const missed = () => this.#revisions.since(name) ?? [];
    this.#isJournaled = await this.#journal.begin(state, missed).then(
      () => true,
      () => false,
    );
  }

  #journalState(): JournalState {
    const { content, epoch, revision } = this.#revisions;
    const operations = difference(this.#onDisk, content);
    const base = { epoch, revision, content: this.#onDisk, hash: contentHash(this.#file.text) };
    if (operations.length === 0) return { base, edits: [], files: [] };
    const edit: AcceptedEdit = { id: randomUUID(), label: unsavedLabel, operations, revision };
    return { base: { ...base, revision: revision - 1 }, edits: [edit], files: [] };
  }

  #accepted(edits: readonly AcceptedEdit[], cause: "disk" | "edit"): void {
    if (edits.length === 0) return;
    this.#isRestored ||= edits.some(({ label }) => label.startsWith("restore "));
    const isJournaled = this.#journaled(edits);
    this.#listener?.edited(edits);
    if (this.#conflicts.follow(this.content)) this.#listener?.conflicts(this.conflicts);
    if (cause === "edit") this.#saving.touch(this.#revisions.revision);
    // The file is what is left then, so it is written at once.
    if (!isJournaled) void this.save();
    this.#definitions.follow(edits, cause);
  }

  #journaled(edits: readonly AcceptedEdit[]): boolean {
    // Edits after one that is missing there would be of no use to anybody.
    if (!this.#isJournaled) return false;
    try {
      this.#journal.append(edits);
    } catch {
      this.#isJournaled = false;
    }
    return this.#isJournaled;
  }

  #change(label: string, operations: readonly Operation[], cause: "disk" | "edit"): void {
    const edit = { id: randomUUID(), label, operations };
    this.#accepted(this.#revisions.change(edit), cause);
  }

  async #save(): Promise<WriteOutcome> {
    await this.#reread();
    if (!this.#isJournaled) await this.#beginJournal();
    if (!this.#conflicts.none) {
      return { held: "The file was changed by another program, and so were the same cells here" };
    }
    const { revision, content } = this.#revisions;
    const text = this.#textOf(content);
    const isGone = this.#problem !== undefined && !(await isThere(this.#file.file));
    if (text !== this.#file.text || isGone) {
      // A file that was deleted is made again, one that is another thing now is left alone.
      if (this.#problem !== undefined && !isGone) {
        throw new Error(this.#problem);
      }
      try {
        this.#journal.file(revision, contentHash(text));
        this.#journal.sync();
      } catch {
        // The file alone then.
      }
      await this.#listener?.writing(text);
      await this.#write(this.#file.file, text);
      this.#file = { ...this.#file, text };
      this.#forgive();
    }
    this.#onDisk = content;
    if (this.#journal.isLong) await this.#beginJournal();
    const cause = this.#isRestored ? "restored" : "saved";
    this.#isRestored = false;
    await this.#history.keep(text, cause).catch(() => {});
    return { revision };
  }

  async #reread(): Promise<void> {
    let file: WorkbookFile;
    try {
      file = await this.#read();
    } catch (error) {
      const problem = (error as Error).message;
      const isGone = !(await isThere(this.#file.file));
      if (problem === this.#problem && isGone === this.#isGone) return;
      this.#problem = problem;
      this.#isGone = isGone;
      this.#listener?.problem();
      return;
    }
    this.#forgive();
    if (file.text === this.#file.text) return;
    const parsed = parseWorkbook(file.path, file.text, workbookOf(this.#onDisk));
    const theirs = editedOf(parsed);
    const { operations, conflicts } = merge(this.#onDisk, this.content, theirs);
    this.#file = file;
    this.#onDisk = theirs;
    this.#conflicts.add(conflicts);
    if (operations.length > 0) this.#change("change on disk", operations, "disk");
    await this.#beginJournal();
    if (conflicts.length > 0) this.#listener?.conflicts(this.conflicts);
    if (this.#isUnsaved) this.#saving.touch(this.#revisions.revision);
    else this.#saving.settle(this.#revisions.revision);
    await this.#history.keep(file.text, "disk").catch(() => {});
  }

  async #read(): Promise<WorkbookFile> {
    const { path, file, text } = this.#file;
    let found = await this.#folder.read(path);
    if (found.text === "" && text !== "") {
      // Editors that save in place empty the file first.
      await new Promise((resolve) => setTimeout(resolve, fillMilliseconds));
      found = await this.#folder.read(path);
    }
    if (found.file === file) return found;
    throw new WorkbookFileError(`Cannot show ${path}: it now is a link to another file`);
  }

  /** Nothing is wrong with the file any more. */
  #forgive(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#isGone = false;
    this.#listener?.problem();
  }

  #textOf(content: EditedWorkbook): string {
    return serialiseWorkbook(this.#file.path, workbookOf(content));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
