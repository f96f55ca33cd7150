import type { ChangeSet } from "@codemirror/state";
import { apply, difference, jsonOf } from "../../editing/index.ts";
import type {
  AcceptedEdit,
  CellConflict,
  DocumentNotice,
  EditCommand,
  EditedCell,
  EditedWorkbook,
  Operation,
  RevisionName,
  SaveState,
} from "../../protocol/index.ts";
import { changeOf, isNothing, type ModelChange } from "./change.ts";
import { Outbox } from "./outbox.ts";
import { PendingEdits } from "./pending-edits.ts";
import { placeOf } from "./steps.ts";
import { type DocumentStorage, load, store } from "./storage.ts";
import { type Place, UndoHistory, type UndoStep } from "./undo-history.ts";

/** What the model needs of the page. */
export interface DocumentParts {
  /** Sends a command; the connection keeps it until it is obeyed. */
  readonly send: (command: EditCommand) => void;
  /** Where the document is kept through a reload of the page: text, or null when there is none. */
  readonly storage?: DocumentStorage;
  /** Now, in ms. */
  readonly now?: () => number;
}

/** What an edit may say besides what it does. */
export interface EditOptions {
  /** Told with the change: whoever passes itself here knows its own changes by it. */
  readonly by?: unknown;
  /** Where the person is before the edit; `undo` gives it back. */
  readonly place?: Place;
}

/** After an edit, the document is kept for a reload this much later. */
const keepMilliseconds = 250;

/**
 * The document of an open workbook in this page: what the server has accepted, and on top of it what the
 * person has done since. Every edit is there at once and is sent by itself; what comes from other tabs, or
 * from the disk, is mapped under it. Text and structure have one undo history, which a reload keeps.
 *
 * Headless: no DOM. An editor of a cell passes each of its transactions to `type` with itself as `by`, and
 * dispatches what `onChange` tells it of its cell unless `by` is itself; it keeps no undo history of its own.
 * All else (insert, move, split …) is made by the functions of `src/editing/cells.ts` on `content` and
 * passed to `edit`.
 */
export class DocumentModel {
  readonly #parts: DocumentParts;
  readonly #listeners = new Set<(change: ModelChange) => void>();
  /** The document in this page. */
  readonly #edits: PendingEdits;
  readonly #outbox: Outbox;
  readonly #history: UndoHistory;
  #saved: SaveState | undefined;
  #conflicts: readonly CellConflict[] = [];
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: DocumentParts) {
    this.#parts = parts;
    const kept = parts.storage && load(parts.storage);
    this.#edits = new PendingEdits(kept);
    this.#outbox = new Outbox(parts.send, this.#edits);
    this.#history = new UndoHistory(kept?.undo, kept?.redo);
  }

  /** The document as the person sees it. Empty until the server has told it. */
  get content(): EditedWorkbook {
    return this.#edits.content;
  }

  /** The revision that this page knows: what `open` says as `document`. */
  get name(): RevisionName | undefined {
    return this.#edits.name;
  }

  /** Whether all that was done here is accepted, which means: in the server's journal. */
  get isAccepted(): boolean {
    return this.#edits.pending.length === 0;
  }

  /** Whether the document is in the file; undefined until the server has said. */
  get saved(): SaveState | undefined {
    return this.#saved;
  }

  /** Cells that also changed on disk; see `resolve`. */
  get conflicts(): readonly CellConflict[] {
    return this.#conflicts;
  }

  /** What `undo` would take back, for "Undo …"; undefined when there is nothing. */
  get undoLabel(): string | undefined {
    return this.#history.undoLabel;
  }

  get redoLabel(): string | undefined {
    return this.#history.redoLabel;
  }

  cell(id: string): EditedCell | undefined {
    return this.content.cells.find((cell) => cell.id === id);
  }

  /**
   * Hears of every change of the document, of saving and of conflicts (then with nothing changed).
   *
   * @returns ends it
   */
  onChange(listener: (change: ModelChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Does something to the document, at once and as one step of the undo history.
   *
   * @param label what was done, for "Undo …"
   * @throws {EditError} when an operation does not fit; nothing is done then
   */
  edit(label: string, operations: readonly Operation[], options: EditOptions = {}): void {
    if (operations.length === 0) return;
    this.#do({ label, operations, ...(options.place && { place: options.place }) }, options.by);
  }

  /**
   * Typing in a cell: as `edit`, but what goes on without a pause is one step.
   *
   * @param changes of the cell's text, of a CodeMirror transaction say
   * @throws {EditError} when they do not fit
   */
  type(cell: string, changes: ChangeSet, options: EditOptions = {}): void {
    if (changes.empty) return;
    const time = (this.#parts.now ?? Date.now)();
    this.#do(
      {
        label: "typing",
        operations: [{ type: "text", cell, changes: jsonOf(changes) }],
        typing: { cell, time },
        ...(options.place && { place: options.place }),
      },
      options.by,
    );
  }

  /** Typing that follows is a step of its own in the undo history: the person went elsewhere. */
  pause(): void {
    this.#history.pause();
  }

  /** Takes back what was done last here; gives where that was. What others did stays. */
  undo(): Place | undefined {
    return this.#again("undo");
  }

  redo(): Place | undefined {
    return this.#again("redo");
  }

  /** Makes the document what it was in a version of its history, as one step that can be taken back. */
  restore(version: EditedWorkbook): void {
    const cells = version.cells.map((cell) => ({ ...cell, ...keptOf(this.cell(cell.id)) }));
    const wanted = { ...version, cells, kept: this.content.kept };
    this.edit("restore a version", difference(this.content, wanted));
  }

  /** Runs cells as they are now (all without ids), once what was typed before is accepted. */
  apply(cells?: readonly string[]): void {
    this.#outbox.sendAfter(cells ? { type: "apply", cells } : { type: "apply" });
  }

  /** Writes the file now. */
  save(): void {
    this.#outbox.sendAfter({ type: "save" });
  }

  /** Decides on a cell in conflict, or on all. */
  resolve(keep: Extract<EditCommand, { type: "resolve" }>["keep"], cell?: string): void {
    this.#outbox.sendAfter(
      cell === undefined ? { type: "resolve", keep } : { type: "resolve", cell, keep },
    );
  }

  /** Takes what the server says of the document. */
  hear(notice: Exclude<DocumentNotice, { type: "moved" }>): void {
    switch (notice.type) {
      case "document":
        this.#open(notice);
        break;
      case "edited":
        for (const edit of notice.edits) this.#hearEdit(edit);
        this.#outbox.ask();
        break;
      case "outdated":
        this.#edits.forgetAsked();
        this.#outbox.ask();
        break;
      case "save":
        this.#saved = notice.save;
        this.#tell(changeOf(this.content, this.content, [], "remote"), true);
        break;
      case "conflict":
        this.#conflicts = notice.conflicts;
        this.#tell(changeOf(this.content, this.content, [], "remote"), true);
        break;
    }
  }

  #open(notice: Extract<DocumentNotice, { type: "document" }>): void {
    const { content, epoch, revision, missed } = notice;
    const before = this.content;
    this.#outbox.open();
    this.#edits.forgetAsked();
    if (!this.name) this.#edits.begin(content);
    else if (missed && this.#edits.leadTo(missed, content)) {
      for (const edit of missed) this.#hearEdit(edit);
    } else this.#history.follow(this.#edits.joinWith(content, this.#isAhead(notice)), before);
    this.#edits.reached({ epoch, revision });
    this.#keep();
    this.#tell(changeOf(before, this.content, [], "open"), true);
    this.#outbox.ask();
  }

  /** Whether the server has lost what it had accepted: its machine lost its power, say. */
  #isAhead({ epoch, revision }: RevisionName): boolean {
    return this.name?.epoch === epoch && this.name.revision > revision;
  }

  #hearEdit(edit: AcceptedEdit): void {
    const before = this.content;
    const others = this.#edits.hear(edit);
    if (others) {
      this.#history.follow(others, before);
      this.#tell(changeOf(before, this.content, others, "remote"));
    }
    this.#keep();
  }

  #do(step: UndoStep, by: unknown): void {
    const before = this.content;
    const after = apply(before, step);
    this.#history.did(step, before);
    this.#put(step, after, changeOf(before, after, step.operations, "local", by));
  }

  #again(which: "undo" | "redo"): Place | undefined {
    const before = this.content;
    const step = this.#history.take(which, before);
    if (!step) return undefined;
    const after = apply(before, step);
    const label = `${which} ${step.label}`;
    this.#put({ ...step, label }, after, changeOf(before, after, step.operations, "undo"));
    // Taken back, it is where the person was; done again, where it did something.
    const done = placeOf(step, after);
    return which === "undo" ? (step.place ?? done) : (done ?? step.place);
  }

  /** Makes a step pending, and sends it when nothing else is under way. */
  #put(step: UndoStep, after: EditedWorkbook, change: ModelChange): void {
    this.#edits.put(step, after);
    this.#keep();
    this.#tell(change);
    this.#outbox.ask();
  }

  #tell(change: ModelChange, isAlways = false): void {
    if (!isAlways && isNothing(change)) return;
    for (const listener of [...this.#listeners]) listener(change);
  }

  /** Keeps the document for a reload now, and not in a moment: the page is about to go. */
  keepNow(): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    const { storage } = this.#parts;
    const { name, accepted, pending } = this.#edits;
    if (storage && name) store(storage, { name, accepted, pending, ...this.#history.steps });
  }

  #keep(): void {
    if (this.#parts.storage) this.#keeping ??= setTimeout(() => this.keepNow(), keepMilliseconds);
  }
}

function keptOf(cell: EditedCell | undefined): Pick<EditedCell, "kept"> {
  return cell?.kept ? { kept: cell.kept } : {};
}
