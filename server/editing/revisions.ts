import { randomUUID } from "node:crypto";
import { apply, EditError } from "../../src/editing/index.ts";
import type { AcceptedEdit, Edit, EditedWorkbook, RevisionName } from "../../src/protocol/index.ts";

/** Edits kept for pages that come back, and their ids for edits that come twice. */
const mostEdits = 5_000;

/** What a request to accept edits came to. */
export type Acceptance =
  | { readonly accepted: readonly AcceptedEdit[] }
  | { readonly outdated: number };

/** The one true sequence of a document's revisions. */
export class Revisions {
  readonly epoch: string;
  #content: EditedWorkbook;
  #revision: number;
  readonly #log: AcceptedEdit[] = [];
  readonly #ids = new Set<string>();

  constructor(content: EditedWorkbook, name: RevisionName = { epoch: randomUUID(), revision: 0 }) {
    this.#content = content;
    this.epoch = name.epoch;
    this.#revision = name.revision;
  }

  get content(): EditedWorkbook {
    return this.#content;
  }

  get revision(): number {
    return this.#revision;
  }

  /**
   * Accepts a client's edits, made on `base`: all of them or none. Those accepted already are passed over.
   *
   * @throws {EditError} when they do not fit: the page has another document than it says
   */
  accept(base: RevisionName, edits: readonly Edit[], author: string): Acceptance {
    const fresh = edits.filter(({ id }) => !this.#ids.has(id));
    if (fresh.length === 0) return { outdated: this.#revision };
    if (base.epoch !== this.epoch || base.revision !== this.#revision) {
      return { outdated: this.#revision };
    }
    if (fresh.length < edits.length) {
      throw new EditError("some of these edits were accepted before and others were not");
    }
    return { accepted: this.#add(fresh, author) };
  }

  /** What happened outside of any page, a change on disk say, as an edit like others. */
  change(edit: Edit): readonly AcceptedEdit[] {
    return this.#add([edit]);
  }

  /** Takes edits that were accepted in an earlier life of the server. */
  replay(edits: readonly AcceptedEdit[]): void {
    for (const edit of edits) {
      this.#content = apply(this.#content, edit);
      this.#revision = edit.revision;
      this.#keep(edit);
    }
  }

  /** The edits after a revision; undefined when they are not known any more. */
  since({ epoch, revision }: RevisionName): readonly AcceptedEdit[] | undefined {
    if (epoch !== this.epoch || revision > this.#revision) return undefined;
    const missed = this.#log.filter((edit) => edit.revision > revision);
    return missed.length === this.#revision - revision ? missed : undefined;
  }

  #add(edits: readonly Edit[], author?: string): readonly AcceptedEdit[] {
    const accepted: AcceptedEdit[] = [];
    let content = this.#content;
    for (const [index, edit] of edits.entries()) {
      content = apply(content, edit);
      const revision = this.#revision + index + 1;
      accepted.push({ ...edit, revision, ...(author !== undefined && { author }) });
    }
    this.#content = content;
    this.#revision += edits.length;
    for (const edit of accepted) this.#keep(edit);
    return accepted;
  }

  #keep(edit: AcceptedEdit): void {
    this.#log.push(edit);
    this.#ids.add(edit.id);
    if (this.#log.length > mostEdits) this.#ids.delete(this.#log.shift()!.id);
  }
}
