import { apply, difference, EditError, mapOver } from "../../editing/index.ts";
import type {
  AcceptedEdit,
  Edit,
  EditCommand,
  EditedWorkbook,
  Operation,
  RevisionName,
} from "../../protocol/index.ts";
import { joining } from "./joining.ts";
import { joinedTyping } from "./steps.ts";
import type { Kept } from "./storage.ts";
import type { UndoStep } from "./undo-history.ts";

const empty: EditedWorkbook = { cells: [], matter: {}, kept: { front: "", tail: "" } };

/**
 * What the server has accepted of a document, and on top of it what is pending: done in this page, and not
 * accepted yet. What others did is mapped under what is pending.
 */
export class PendingEdits {
  #name: RevisionName | undefined;
  #accepted: EditedWorkbook = empty;
  #content: EditedWorkbook = empty;
  #pending: Edit[] = [];
  /** How many of the pending are asked to be accepted. */
  #asked = 0;

  /** @param kept what a reload has kept */
  constructor(kept?: Pick<Kept, "name" | "accepted" | "pending">) {
    if (!kept) return;
    this.#name = kept.name;
    this.#accepted = kept.accepted;
    this.#pending = [...kept.pending];
    this.#content = this.#pending.reduce(apply, this.#accepted);
  }

  /** The newest revision that this page has been told; undefined before the first. */
  get name(): RevisionName | undefined {
    return this.#name;
  }

  /** The document at that revision. */
  get accepted(): EditedWorkbook {
    return this.#accepted;
  }

  /** The document in this page: the accepted one, and what is pending on it. */
  get content(): EditedWorkbook {
    return this.#content;
  }

  get pending(): readonly Edit[] {
    return this.#pending;
  }

  /**
   * Makes a step pending; typing goes on in what is pending and not asked yet.
   *
   * @param after the document with the step
   */
  put({ label, operations, typing }: UndoStep, after: EditedWorkbook): void {
    const last = this.#pending.length > this.#asked ? this.#pending.at(-1) : undefined;
    const more = typing && last && joinedTyping(last, operations);
    if (more) this.#pending[this.#pending.length - 1] = more;
    else this.#pending.push({ id: newId(), label, operations });
    this.#content = after;
  }

  /** What asks for all that is pending; undefined while an answer is awaited, or nothing is to be asked. */
  ask(): Extract<EditCommand, { type: "edit" }> | undefined {
    if (!this.#name || this.#asked > 0 || this.#pending.length === 0) return undefined;
    this.#asked = this.#pending.length;
    return { type: "edit", base: this.#name, edits: [...this.#pending] };
  }

  /** No answer comes any more to what was asked. */
  forgetAsked(): void {
    this.#asked = 0;
  }

  /** The server has told the document for the first time. */
  begin(content: EditedWorkbook): void {
    this.#accepted = content;
    this.#content = content;
  }

  /** This page is at a revision of the server's. */
  reached(name: RevisionName): void {
    this.#name = name;
  }

  /** Whether edits that this page was not told lead to what the server has. */
  leadTo(missed: readonly AcceptedEdit[], content: EditedWorkbook): boolean {
    try {
      const reached = missed.reduce(apply, this.#accepted);
      return JSON.stringify(reached) === JSON.stringify(content);
    } catch (error) {
      if (error instanceof EditError || error instanceof RangeError) return false;
      throw error;
    }
  }

  /**
   * The server knows nothing of the revision that this page has: what was done here comes in by cell.
   *
   * @param isAhead whether it had what this page has, and lost it: that was not done by others then
   * @returns what leads from the document before to the one after
   */
  joinWith(content: EditedWorkbook, isAhead = false): readonly Operation[] {
    const mine = this.#content;
    const operations = joining(isAhead ? content : this.#accepted, content, mine);
    const label = "edits made offline";
    this.#accepted = content;
    this.#pending = operations.length > 0 ? [{ id: newId(), label, operations }] : [];
    this.#content = apply(content, { operations });
    return difference(mine, this.#content);
  }

  /**
   * The server has accepted an edit: this page's own, which is in its document already, or another's.
   *
   * @returns what another's did to the document in this page; undefined when there is nothing new in it
   */
  hear(edit: AcceptedEdit): readonly Operation[] | undefined {
    if (this.#name && edit.revision <= this.#name.revision) return undefined;
    if (this.#name) this.#name = { ...this.#name, revision: edit.revision };
    if (edit.id !== this.#pending[0]?.id) return this.#hearOthers(edit);
    this.#accepted = apply(this.#accepted, edit);
    this.#pending.shift();
    this.#asked = Math.max(0, this.#asked - 1);
    return undefined;
  }

  /** Maps what is pending over another's edit. */
  #hearOthers(edit: AcceptedEdit): readonly Operation[] {
    const next = apply(this.#accepted, edit);
    let [others, state]: [readonly Operation[], EditedWorkbook] = [edit.operations, this.#accepted];
    try {
      const pending = this.#pending.map((mine): Edit => {
        const { later, earlier } = mapOver(mine.operations, others, state);
        state = apply(state, mine);
        others = earlier;
        return { ...mine, operations: later };
      });
      this.#content = pending.reduce(apply, next);
      this.#accepted = next;
      this.#pending = pending;
      return others;
    } catch (error) {
      if (!(error instanceof EditError || error instanceof RangeError)) throw error;
      return this.joinWith(next);
    }
  }
}

function newId(): string {
  return crypto.randomUUID();
}
