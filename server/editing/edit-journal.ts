import { createHash } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../src/checkpoint/files/index.ts";
import { apply } from "../../src/editing/index.ts";
import type { AcceptedEdit, EditedWorkbook, RevisionName } from "../../src/protocol/index.ts";

/** A journal longer than this is begun anew at the next save. */
const longest = 4 * 1024 * 1024;

/** What a journal is begun with: the document at a revision, and which file that is. */
export interface JournalBase extends RevisionName {
  readonly content: EditedWorkbook;
  /** Hash of the file that holds the content. */
  readonly hash: string;
}

type Record =
  | ({ readonly type: "base" } & JournalBase)
  | { readonly type: "edits"; readonly edits: readonly AcceptedEdit[] }
  /** The file is about to hold, or holds, what the document is at a revision. */
  | { readonly type: "file"; readonly revision: number; readonly hash: string };

/** What a journal knows of a document, when a server comes back to it. */
export interface JournalState {
  readonly base: JournalBase;
  readonly edits: readonly AcceptedEdit[];
  /** Revisions that the file has been at since the base, newest last. */
  readonly files: readonly { readonly revision: number; readonly hash: string }[];
}

/**
 * The edits of one document, appended before they are acknowledged, so that whatever ends the server ends
 * none of them. A line is a record: the first 16 digits of the SHA-256 of its JSON, a space, the JSON. A
 * line that is torn or altered ends the journal.
 */
export class EditJournal {
  readonly #file: string;
  #descriptor: number | undefined;
  #length = 0;

  /**
   * @param folder where journals are; made when first needed
   * @param document real path of the document's file
   */
  constructor(folder: string, document: string) {
    const name = createHash("sha256").update(document).digest("hex").slice(0, 32);
    this.#file = join(folder, `${name}.journal`);
  }

  get isLong(): boolean {
    return this.#length > longest;
  }

  /** What was journaled before; undefined when there is nothing, or nothing that can be read. */
  read(): JournalState | undefined {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch {
      return undefined;
    }
    const records = readRecords(text);
    const [base] = records;
    if (base?.type !== "base") return undefined;
    const edits = records.flatMap((record) => (record.type === "edits" ? record.edits : []));
    const files = records.flatMap((record) =>
      record.type === "file" ? [{ revision: record.revision, hash: record.hash }] : [],
    );
    return { base, edits, files };
  }

  /**
   * Begins anew, in place of all there was, in one step.
   *
   * @param missed asked once it has begun: edits that came while it was written
   * @throws {Error} of the operating system's
   */
  async begin(
    { base, edits, files }: JournalState,
    missed: () => readonly AcceptedEdit[] = () => [],
  ): Promise<void> {
    const { content, hash, epoch, revision } = base;
    const text = [
      lineOf({ type: "base", content, hash, epoch, revision }),
      edits.length > 0 ? lineOf({ type: "edits", edits }) : "",
      ...files.map((file) => lineOf({ type: "file", ...file })),
    ].join("");
    mkdirSync(join(this.#file, ".."), { recursive: true, mode: 0o700 });
    await replaceFile(this.#file, text, 0o600);
    this.close();
    this.#descriptor = openSync(this.#file, "a", 0o600);
    this.#length = text.length;
    const since = missed();
    if (since.length > 0) this.append(since);
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

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #write(record: Record): void {
    if (this.#descriptor === undefined) return;
    const line = Buffer.from(lineOf(record));
    for (let at = 0; at < line.length; ) at += writeSync(this.#descriptor, line, at);
    this.#length += line.length;
  }
}

/** The document that a journal leads to. Edits that do not fit end it: they were never acknowledged. */
export function replayed({ base, edits }: JournalState): {
  readonly content: EditedWorkbook;
  readonly edits: readonly AcceptedEdit[];
} {
  let content = base.content;
  for (const [index, edit] of edits.entries()) {
    try {
      content = apply(content, edit);
    } catch {
      return { content, edits: edits.slice(0, index) };
    }
  }
  return { content, edits };
}

function readRecords(text: string): Record[] {
  const records: Record[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    if (end < 0) break;
    const line = text.slice(at, end);
    const json = line.slice(17);
    if (line[16] !== " " || checksum(json) !== line.slice(0, 16)) break;
    records.push(JSON.parse(json) as Record);
    at = end + 1;
  }
  return records;
}

function lineOf(record: Record): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

/** Names the text of a file, to the byte. */
export function contentHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function checksum(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, 16);
}
