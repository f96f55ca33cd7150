import type { CellDefinition } from "./cells.ts";
import type {
  AcceptedEdit,
  CellConflict,
  EditedWorkbook,
  RevisionName,
  SaveState,
} from "./edits.ts";
import type { KernelNotice } from "./kernel-notices.ts";

/** What the server tells a page, over the WebSocket. */
export type PageNotice =
  | WelcomeNotice
  | DoneNotice
  | DocumentNotice
  /** Definitions: the whole workbook on open, the changed cells after an edit. */
  | {
      readonly type: "workbook";
      readonly title: string;
      readonly path: string;
      /** False until the person has run this workbook once: then nothing may be evaluated. */
      readonly trusted: boolean;
      /**
       * After "trust" nothing is changed but `trusted`: what the page holds may now be evaluated. "edit"
       * is any change made in a page, `apply` included.
       */
      readonly cause: "open" | "disk" | "edit" | "trust";
      /**
       * The revision that the definitions are of, those of code cells that were edited and not applied
       * aside: their `source` is the one last applied, the edited one is the document's.
       */
      readonly revision?: number;
      /** Ids in page order. */
      readonly order: readonly string[];
      readonly changed: readonly CellDefinition[];
      readonly removed: readonly string[];
      /** All that is not as it should be in the file: a fence never closed, an id given twice. */
      readonly diagnostics?: readonly { readonly message: string; readonly line: number }[];
    }
  | {
      readonly type: "kernel";
      readonly state: KernelState;
      readonly reason?: string;
      readonly culprit?: string;
      /** Set when the running cell was asked to stop and does not: only `restart` ends it. */
      readonly stuck?: true;
      readonly bytes?: number;
      /** Bytes it may hold at most. */
      readonly cap?: number;
    }
  | KernelNotice
  /**
   * What is wrong with the file on disk (deleted, unreadable): the cells stay as they were. Without
   * `problem`: nothing any more. `gone`: there is no such file; `save` makes it anew.
   */
  | { readonly type: "file"; readonly problem?: string; readonly gone?: true }
  /** A message that made no sense or may not be done now. */
  | { readonly type: "refused"; readonly message: string };

/**
 * First notice of every connection that was opened with a `client`. Notices are counted, this one is not:
 * the next one is number `next`, and so on by one. `resumed`: the page missed nothing that does not follow
 * now; else everything begins anew, with `document`, `workbook` and `kernel`.
 */
export interface WelcomeNotice {
  readonly type: "welcome";
  /** To be named when the page comes back. */
  readonly stream: string;
  readonly next: number;
  readonly resumed: boolean;
}

/**
 * The numbered command has been obeyed or refused. A page keeps commands until then and sends them again
 * after a reconnect that resumed; the server obeys no number twice. After one that did not resume, edits
 * are asked again (they carry ids), and `stop`, `restart` are not.
 */
export interface DoneNotice {
  readonly type: "done";
  readonly number: number;
}

/** What is told of the document as it is edited. */
export type DocumentNotice =
  /**
   * The whole document, on open. `missed`: the edits after the revision that the page named, when the
   * server still knows them; a page that has edits of its own maps them over these, and without `missed`
   * merges by cell.
   */
  | ({
      readonly type: "document";
      readonly content: EditedWorkbook;
      readonly missed?: readonly AcceptedEdit[];
      /** Edits that were in the journal and not in the file, found when the workbook was opened. */
      readonly recovered?: number;
    } & RevisionName)
  | { readonly type: "edited"; readonly edits: readonly AcceptedEdit[] }
  /** Nothing of an `edit` command was accepted: `revision` is the newest, and has been told before this. */
  | { readonly type: "outdated"; readonly revision: number }
  /** Whether the document is in the file; told on open and whenever it changes. */
  | { readonly type: "save"; readonly save: SaveState }
  /**
   * Cells changed both here and on disk, to be decided on by `resolve`; empty when there are none any
   * more. Until then the file is not written.
   */
  | { readonly type: "conflict"; readonly conflicts: readonly CellConflict[] }
  /** The file has another path now: the address of the page should follow. */
  | { readonly type: "moved"; readonly path: string };

/**
 * After "died" nothing runs until a page sends `run` or `restart`, and what was asked before is not
 * answered any more: a page asks again once the state is "ready".
 */
export type KernelState = "none" | "starting" | "ready" | "busy" | "died";
