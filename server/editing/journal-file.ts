import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apply } from "../../src/editing/index.ts";
import type { AcceptedEdit, EditedWorkbook, RevisionName } from "../../src/protocol/index.ts";

/** What a journal is begun with: the document at a revision, and which file that is. */
export interface JournalBase extends RevisionName {
  readonly content: EditedWorkbook;
  /** Hash of the file that holds the content. */
  readonly hash: string;
  /** Real path of the document's file; journals of old do not say. */
  readonly document?: string;
  /** Mark of the process that writes the journal. */
  readonly owner?: string;
}

export type JournalRecord =
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

/** Where the journal of a document is. */
export function journalFile(folder: string, document: string): string {
  const name = createHash("sha256").update(document).digest("hex").slice(0, 32);
  return join(folder, `${name}.journal`);
}

/** What a journal has; undefined when there is none, or nothing that can be read. */
export function readJournal(file: string): JournalState | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
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

/** A journal of the same document that is not there yet. */
export function besides(file: string): string {
  return file.replace(/(\.[0-9a-f]{16})?\.journal$/, `.${randomBytes(8).toString("hex")}.journal`);
}

/** What is unsaved when a journal is begun anew is one edit of nobody in particular. */
export const unsavedLabel = "unsaved";

/** Whether a person made an edit, and not a change on disk. */
export function isOfPerson({ author, label }: AcceptedEdit): boolean {
  return author !== undefined || label === unsavedLabel;
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

function readRecords(text: string): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    if (end < 0) break;
    const line = text.slice(at, end);
    const json = line.slice(17);
    if (line[16] !== " " || checksum(json) !== line.slice(0, 16)) break;
    records.push(JSON.parse(json) as JournalRecord);
    at = end + 1;
  }
  return records;
}

/** A record as the line of a journal. */
export function lineOf(record: JournalRecord): string {
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
