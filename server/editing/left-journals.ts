import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { workbookOf } from "../../src/editing/index.ts";
import type { EditedWorkbook } from "../../src/protocol/index.ts";
import { serialiseWorkbook } from "../../src/workbook/index.ts";
import { History } from "./history.ts";
import {
  contentHash,
  isOfPerson,
  type JournalState,
  readJournal,
  replayed,
} from "./journal-file.ts";
import { isOfAnother, ownMark } from "./owner.ts";

/** A journal in which nothing is unsaved is of use to a page that comes back, for as long as this. */
const longest = 90 * 24 * 3_600_000;

/** A journal with edits that are in no file. */
export interface LeftJournal {
  /** Names the journal among others. */
  readonly name: string;
  /** Real path of the document's file. */
  readonly document: string;
  /** Whether there is no such file any more. */
  readonly gone: boolean;
  /** Whether it is the journal with which the document is opened. */
  readonly isFirst: boolean;
  /** Whether this process wrote it: it is in use where the document is open. */
  readonly isOurs: boolean;
  readonly content: EditedWorkbook;
  readonly edits: number;
  /** When it was written last, in ms since 1970. */
  readonly time: number;
}

/**
 * The journals with edits that no file has, the newest first; those that nobody can need any more are
 * removed. Journals of a server that is there now are its own affair.
 *
 * @param state folder for what Simile remembers of a person
 */
export async function leftJournals(
  state: string,
  now: number = Date.now(),
): Promise<LeftJournal[]> {
  const folder = join(state, "journals");
  const left: LeftJournal[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const [whole, beside] = /^[0-9a-f]{32}(\.[0-9a-f]{16})?\.journal$/.exec(name) ?? [];
    if (whole === undefined) continue;
    const file = join(folder, name);
    const journal = readJournal(file);
    const time = (await stat(file).catch(() => undefined))?.mtimeMs;
    // What cannot be read is left to somebody who can.
    if (!journal || time === undefined || isOfAnother(journal.base.owner, file)) continue;
    const { document, owner } = journal.base;
    if (document === undefined) continue;
    const text = await readFile(document, "utf8").catch(() => undefined);
    const edits = await unsavedEdits(journal, text, new History(join(state, "history"), document));
    const [isFirst, isOurs] = [beside === undefined, owner === ownMark];
    if (edits === 0) {
      if (!isOurs && (!isFirst || now - time > longest)) await rm(file, { force: true });
      continue;
    }
    const { content } = replayed(journal);
    left.push({ name, document, gone: text === undefined, isFirst, isOurs, content, edits, time });
  }
  return left.sort((a, b) => b.time - a.time);
}

/** How many edits of a person came after the newest revision that the file is known to have been at. */
async function unsavedEdits(
  journal: JournalState,
  text: string | undefined,
  history: History,
): Promise<number> {
  const { base } = journal;
  const { edits, content } = replayed(journal);
  if (text === serialiseWorkbook(base.document!, workbookOf(content))) return 0;
  const files = [{ revision: base.revision, hash: base.hash }, ...journal.files];
  const hash = text === undefined ? undefined : contentHash(text);
  // That a file is about to be written is noted before it is; that it was, the history has.
  const written = new Set((await history.list()).map(({ version }) => version));
  const at =
    files.findLast((known) => known.hash === hash) ??
    files.findLast((known) => written.has(known.hash)) ??
    files[0]!;
  return edits.filter((edit) => edit.revision > at.revision && isOfPerson(edit)).length;
}
