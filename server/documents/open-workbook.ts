import { randomUUID } from "node:crypto";
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
import { Conflicts } from "../editing/conflicts.ts";
import type { History } from "../editing/history.ts";
import type { Acceptance, Revisions } from "../editing/revisions.ts";
import { Saving, type WriteOutcome } from "../editing/saving.ts";
import { FileChangedError } from "../editing/write-workbook.ts";
import { Definitions } from "./definitions.ts";
import type { Document, DocumentChange } from "./document.ts";
import { DocumentFile, type DocumentStore } from "./document-file.ts";
import type { WorkbookFile, WorkbookFolder } from "./folder.ts";

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
  readonly #file: DocumentFile;
  readonly #revisions: Revisions;
  readonly #saving: Saving;
  readonly #conflicts = new Conflicts();
  readonly #definitions: Definitions;
  #listener: WorkbookListener | undefined;

  /** @throws {WorkbookFileError} when there is no such workbook */
  static async open(
    path: string,
    folder: WorkbookFolder,
    store: DocumentStore,
  ): Promise<OpenWorkbook> {
    const file = await folder.read(path);
    const opened = new OpenWorkbook(folder, file, store);
    await opened.#definitions.begin();
    await opened.#file.begin();
    return opened;
  }

  private constructor(folder: WorkbookFolder, file: WorkbookFile, store: DocumentStore) {
    this.#file = new DocumentFile(folder, file, store, {
      problem: () => this.#listener?.problem(),
      writing: async (text) => this.#listener?.writing(text),
      merged: (operations, conflicts) => {
        this.#conflicts.add(conflicts);
        if (operations.length > 0) this.#change("change on disk", operations, "disk");
      },
      reread: (conflicts) => {
        if (conflicts.length > 0) this.#listener?.conflicts(this.conflicts);
        if (this.#file.isUnsaved) this.#saving.touch(this.#revisions.revision);
        else this.#saving.settle(this.#revisions.revision);
      },
    });
    this.#revisions = this.#file.revisions;
    this.#conflicts.add(this.#file.parted);
    this.#definitions = new Definitions(
      () => ({ path: this.file.path, content: this.content }),
      (change, cause) => this.#listener?.changed(change, cause),
    );
    this.#saving = new Saving(
      this.#revisions.revision,
      () => this.#file.inTurn(() => this.#save()),
      () => this.#listener?.saved(this.saved),
    );
  }

  get file(): WorkbookFile {
    return this.#file.known;
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
    return this.#file.recovered;
  }

  get saved(): SaveState {
    const { state } = this.#saving;
    return state.state === "failed" && !this.#file.isJournaled
      ? { ...state, unjournaled: true }
      : state;
  }

  get conflicts(): readonly CellConflict[] {
    return this.#conflicts.told(this.content);
  }

  get history(): History {
    return this.#file.history;
  }

  /** What is wrong with the file on disk; the document is then the last good one. */
  get problem(): string | undefined {
    return this.#file.problem;
  }

  /** Whether there is no such file any more. */
  get isGone(): boolean {
    return this.#file.isGone;
  }

  /** The document as its file would be. */
  get text(): string {
    return this.#file.text;
  }

  /** Follows the file from now on, and what happened to it since it was opened. */
  follow(listener: WorkbookListener): void {
    this.#listener = listener;
    this.#file.follow();
    if (this.#file.isUnsaved) this.#saving.touch(this.#revisions.revision);
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
    const operations = this.#conflicts.resolve(this.content, this.#file.content, keep, cell);
    if (operations.length > 0) this.#change("resolve a conflict", operations, "edit");
    this.#listener?.conflicts(this.conflicts);
    if (this.#conflicts.none && this.#file.isUnsaved) this.#saving.touch(this.#revisions.revision);
    if (this.#conflicts.none) void this.save();
  }

  /** Writes now what is not in the file yet. */
  save(): Promise<void> {
    return this.#saving.now();
  }

  /** As `save`; a file that was deleted is made anew, whether there is anything unsaved or not. */
  saveAgain(): Promise<void> {
    if (this.isGone) this.#saving.touch(this.#revisions.revision);
    return this.save();
  }

  /**
   * The file gets another path: nothing reads or writes it while `move` does that, and it is followed there
   * with its journal and its history.
   *
   * @throws {Error} what `move` does; the file is then where it was
   */
  relocate(move: () => Promise<WorkbookFile>): Promise<void> {
    return this.#file.inTurn(async () => {
      await this.#file.relocate(move);
      this.#listener?.moved();
    });
  }

  /** Writes what is unsaved, as far as that can be, and ends. */
  async close(): Promise<void> {
    await this.save();
    this.#saving.close();
    await this.#file.close();
  }

  #accepted(edits: readonly AcceptedEdit[], cause: "disk" | "edit"): void {
    if (edits.length === 0) return;
    const isJournaled = this.#file.append(edits);
    this.#listener?.edited(edits);
    if (this.#conflicts.follow(this.content)) this.#listener?.conflicts(this.conflicts);
    if (cause === "edit") this.#saving.touch(this.#revisions.revision);
    // The file is what is left then, so it is written at once.
    if (!isJournaled) void this.save();
    this.#definitions.follow(edits, cause);
  }

  #change(label: string, operations: readonly Operation[], cause: "disk" | "edit"): void {
    const edit = { id: randomUUID(), label, operations };
    this.#accepted(this.#revisions.change(edit), cause);
  }

  /** @param tries for a file that somebody else writes in the same moment */
  async #save(tries = 4): Promise<WriteOutcome> {
    await this.#file.catchUp();
    if (!this.#conflicts.none) {
      return { held: "The file was changed by another program, and so were the same cells here" };
    }
    try {
      return { revision: await this.#file.write() };
    } catch (error) {
      // What another program wrote in this moment comes in first.
      if (error instanceof FileChangedError && tries > 1) return this.#save(tries - 1);
      throw error;
    }
  }
}
