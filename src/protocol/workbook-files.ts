import type { EditedWorkbook } from "./edits.ts";

/*
 * ---- Workbooks as files, and their history; every body and answer is JSON ----
 *
 * GET  /api/workbooks                               → WorkbookList
 * POST /api/workbooks/new        {path, title?}   → {path}: an empty workbook
 * POST /api/workbooks/duplicate  {path, to?}      → {path}: beside it, "… copy.md", when `to` is left out;
 *                                                  of one that is open, as it is in its pages
 * POST /api/workbooks/rename     {path, to}       → {path}: open pages are told `moved`
 * POST /api/workbooks/delete     {path}           → {trashed}: its name in the trash
 * POST /api/workbooks/restore    {trashed}        → {path}: where it was, or beside what is there now
 * POST /api/workbooks/recover    {journal}        → {path}: where it was, or beside what is there now
 * POST /api/workbooks/discard    {journal}        → {trashed}: its name in the trash
 * GET  /api/trash                                 → TrashList
 * GET  /api/unsaved                               → UnsavedList
 * GET  /api/history/PATH                          → HistoryList, newest first
 * GET  /api/history/PATH?version=V                → HistoryVersion; `DocumentModel.restore` takes its content
 *
 * What cannot be done answers 4xx with {error}: a sentence for the person. Nothing is ever overwritten.
 */

/** What was deleted from the folder that is served, newest first. */
export interface TrashList {
  readonly trash: readonly {
    readonly trashed: string;
    readonly path: string;
    readonly title: string;
    /** ms since 1970. */
    readonly time: number;
  }[];
}

/** What was edited in the folder that is served and is in no file, newest first. */
export interface UnsavedList {
  readonly unsaved: readonly {
    readonly journal: string;
    readonly path: string;
    /** How many edits. */
    readonly edits: number;
    /** ms since 1970. */
    readonly time: number;
    /** Whether to open the workbook is to have them; else they are of one that is gone, or apart from it. */
    readonly opens: boolean;
  }[];
}

export interface HistoryList {
  readonly versions: readonly HistoryEntry[];
}

export interface HistoryEntry {
  /** Names the text: equal texts have equal names. */
  readonly version: string;
  /** ms since 1970. */
  readonly time: number;
  readonly bytes: number;
  /** Why it was kept: "disk" is written by another program, "restored" an earlier version had back. */
  readonly cause: "opened" | "saved" | "disk" | "restored";
}

export interface HistoryVersion extends HistoryEntry {
  readonly text: string;
  readonly content: EditedWorkbook;
  /** Against the document as it is now: cells that differ, in the order of the version, then those since. */
  readonly differences: readonly {
    readonly cell: string;
    /** Text in the version and now; null where there is no such cell. */
    readonly was: string | null;
    readonly now: string | null;
  }[];
}

/** The workbooks under the root, by path. */
export interface WorkbookList {
  readonly workbooks: readonly WorkbookEntry[];
  /** Set when there are more than the list has room for. */
  readonly truncated?: true;
}

export interface WorkbookEntry {
  /** Under the root, with `/`; its page is `/w/` and this, each part percent-encoded. */
  readonly path: string;
  readonly title: string;
  readonly summary: string;
  /** Set when it is Markdown without any cell of code: it can be opened, but was hardly written for that. */
  readonly document?: true;
  /** Why the file cannot be shown; the title is then its name. */
  readonly error?: string;
}
