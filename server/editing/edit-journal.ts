import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AcceptedEdit } from "../../src/protocol/index.ts";
import {
  besides,
  type JournalRecord,
  type JournalState,
  journalFile,
  lineOf,
  readJournal,
} from "./journal-file.ts";
import { isOfAnother, ownMark } from "./owner.ts";

/** A journal longer than this is begun anew at the next save. */
const longest = 4 * 1024 * 1024;

/**
 * The edits of one document, appended before they are acknowledged, so that whatever ends the server ends
 * none of them. A line is a record: the first 16 digits of the SHA-256 of its JSON, a space, the JSON. A
 * line that is torn or altered ends the journal.
 */
export class EditJournal {
  #file: string;
  readonly #document: string;
  #descriptor: number | undefined;
  #length = 0;

  /**
   * @param folder where journals are; made when first needed
   * @param document real path of the document's file
   */
  constructor(folder: string, document: string) {
    this.#document = document;
    this.#file = journalFile(folder, document);
  }

  get isLong(): boolean {
    return this.#length > longest;
  }

  /**
   * What was journaled before; undefined when there is nothing, or nothing that can be read. Where another
   * server writes the journal, it is left alone, and this one is a journal beside it.
   */
  read(): JournalState | undefined {
    const state = readJournal(this.#file);
    if (!state || !isOfAnother(state.base.owner, this.#file)) return state;
    this.#file = besides(this.#file);
    return undefined;
  }

  /**
   * Begins anew, in place of all there was, in one step: until then what is appended goes to the one before.
   *
   * @param missed asked in that step: edits that came while it was written
   * @throws {Error} of the operating system's
   */
  async begin(
    { base, edits, files }: JournalState,
    missed: () => readonly AcceptedEdit[] = () => [],
  ): Promise<void> {
    const { content, hash, epoch, revision } = base;
    const [document, owner] = [this.#document, ownMark];
    const text = [
      lineOf({ type: "base", content, hash, epoch, revision, document, owner }),
      edits.length > 0 ? lineOf({ type: "edits", edits }) : "",
      ...files.map((file) => lineOf({ type: "file", ...file })),
    ].join("");
    mkdirSync(join(this.#file, ".."), { recursive: true, mode: 0o700 });
    const next = await open(`${this.#file}.new`, "w", 0o600);
    try {
      await next.writeFile(text);
      await next.sync();
    } finally {
      await next.close();
    }
    // No edit can come between here and the end: each is in the one journal or in the other.
    const descriptor = openSync(`${this.#file}.new`, "a");
    try {
      const since = missed();
      this.#length = text.length;
      if (since.length > 0) this.#write({ type: "edits", edits: since }, descriptor);
      renameSync(`${this.#file}.new`, this.#file);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    this.close();
    this.#descriptor = descriptor;
  }

  /**
   * Edits that are about to be acknowledged. They are the system's when this returns: the end of this
   * process takes nothing from them.
   *
   * @throws {Error} of the operating system's
   */
  append(edits: readonly AcceptedEdit[]): void {
    this.#write({ type: "edits", edits });
  }

  /** The file is about to be written, or has been found, at a revision. */
  file(revision: number, hash: string): void {
    this.#write({ type: "file", revision, hash });
  }

  /** Makes what was appended outlast the machine. */
  sync(): void {
    if (this.#descriptor !== undefined) fsyncSync(this.#descriptor);
  }

  /** Ends it for good: the document's journal is another one. */
  async remove(): Promise<void> {
    this.close();
    await rm(this.#file, { force: true });
  }

  /** The document has another path from now on; what was journaled of it goes along. */
  async move(to: EditJournal): Promise<void> {
    this.close();
    await to.setAside();
    await rename(this.#file, to.#file).catch(() => {});
  }

  /** Leaves what was journaled of an earlier document at this path to be found as what nobody saved. */
  async setAside(): Promise<void> {
    this.close();
    await rename(this.#file, besides(this.#file)).catch(() => {});
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #write(record: JournalRecord, descriptor = this.#descriptor): void {
    if (descriptor === undefined) return;
    const line = Buffer.from(lineOf(record));
    for (let at = 0; at < line.length; ) at += writeSync(descriptor, line, at);
    this.#length += line.length;
  }
}
