import type {
  AcceptedEdit,
  CellConflict,
  Edit,
  EditedWorkbook,
  RevisionName,
  SaveState,
} from "./edits.ts";

/**
 * The messages between page, server and kernel. Each is encoded by `frame.ts`: values that hold typed
 * arrays travel as raw bytes. A *command* is asked of the server or kernel, a *notice* is told by it.
 */

/** Position inside a cell: 1-based line and column of the cell's own source. */
export interface CellPosition {
  readonly cell: string;
  readonly line: number;
  readonly column: number;
  /** Path of the module, from the workbook's folder where it is below, that the place is in; `cell` is then "". */
  readonly file?: string;
  /** That line of the module. */
  readonly text?: string;
}

/** Why a cell has no value. The sentence first; positions point into the cell's own source. */
export interface CellError {
  /** Class of the error, e.g. `"TypeError"`. */
  readonly name: string;
  readonly message: string;
  readonly at?: CellPosition;
  /** The person's own frames, innermost first; no internal frames. */
  readonly frames?: readonly CellPosition[];
  /** The name whose failure this cell waits for: dependants say what they wait for, once. */
  readonly blockedBy?: string;
}

/** A cell of the open workbook, analysed, ready to define. */
export type CellDefinition = {
  readonly id: string;
  /** Changes exactly when the cell must be redefined (its code or its resolved inputs changed). */
  readonly version: string;
  /** TypeScript or Markdown as in the file. */
  readonly source: string;
  /** Source as highlighted, escaped HTML; for prose the rendered HTML. */
  readonly html: string;
  /** 1-based first line of the source in the file. */
  readonly line: number;
  readonly run: "live" | "demand" | "once";
} & (
  | { readonly kind: "prose" }
  | {
      readonly kind: "browser";
      /** JavaScript of an async function body; see client/define.ts for its calling convention. */
      readonly body: string;
      readonly expression: boolean;
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
      readonly error?: CellError;
    }
  | {
      readonly kind: "kernel";
      /** Names of other cells that this one reads itself. */
      readonly inputs: readonly string[];
      /** All browser-defined names this cell depends on, through any number of kernel cells. */
      readonly browserInputs: readonly string[];
      readonly outputs: readonly string[];
      /** Outputs that some browser cell names: only these leave the kernel. */
      readonly wanted: readonly string[];
      readonly error?: CellError;
    }
);

/** Why the value of a cell is not that of its code and of what it reads as they are now. */
export interface StaleReason {
  /** The name whose value is another; none when the code of the cell itself, or a module it imports, is. */
  readonly name?: string;
  /** Short texts of the value that the cell has read, and of the value now; of values that differ in them. */
  readonly was?: string;
  readonly now?: string;
}

/** What there is to know of a value that a name has. */
export interface HeldValue {
  readonly name: string;
  /** As `number`, `Float64Array` or the name of its class. */
  readonly type: string;
  /** Of tensors, matrices and arrays. */
  readonly shape?: readonly number[];
  /** About how many bytes it keeps in memory. */
  readonly bytes: number;
}

/** What the kernel needs to know of a kernel cell. */
export interface KernelCell {
  readonly id: string;
  readonly version: string;
  /** Types blanked, positions kept. */
  readonly code: string;
  readonly expression: boolean;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly wanted: readonly string[];
  readonly run: "live" | "demand" | "once";
}

// ---- page → server (WebSocket). The server relays `request` to the kernel with its client's id. ----

export type PageCommand =
  /**
   * First message of a socket. `workbook` is the path under the root. A page that names itself and says
   * which notice it heard last goes on where the connection broke, see `Welcome`; one that has the
   * document of an earlier connection names its revision, and is told the edits since.
   */
  | {
      readonly type: "open";
      readonly workbook: string;
      /** Made by the page at random, kept through connections; that of its `KernelRequest`s. */
      readonly client?: string;
      readonly heard?: { readonly stream: string; readonly count: number };
      readonly document?: RevisionName;
    }
  /**
   * The values of these kernel cells for these inputs, in place of what the client asked before: a cell
   * not named again is not waited for any more, and a run that nobody waits for is stopped.
   */
  | KernelRequest
  /** Person asked to run: trusts the workbook from now on, and clears a crash's "nothing reruns". */
  | { readonly type: "run" }
  /** Stops the run in flight; its cell ends as rejected with name "Stopped". */
  | { readonly type: "stop" }
  /** Starts a new kernel process; values are gone. */
  | { readonly type: "restart" }
  | EditCommand;

/** Any command may carry a number, counted by the page from 1: see `DoneNotice`. */
export type NumberedCommand = PageCommand & { readonly number?: number };

/**
 * What a page asks of the document. A document may be edited whether trusted or not.
 */
export type EditCommand =
  /**
   * Accept these edits, made one after the other on revision `base`. Accepted (and told to every page, the
   * asking one included, as `edited`) when that is the newest; else refused with `outdated`, and the page
   * asks again with its edits mapped over those it has been told meanwhile. Edits whose ids are accepted
   * already are passed over. A page has one such command under way at most.
   */
  | {
      readonly type: "edit";
      readonly base: RevisionName;
      readonly edits: readonly Edit[];
    }
  /**
   * These cells are run as they are now. Until then an edit of a code cell's text changes nothing that
   * runs: its definition stays as it was. All other edits (prose, cells that come, go or change their
   * kind or attributes) redefine at once. Without `cells`: all.
   */
  | { readonly type: "apply"; readonly cells?: readonly string[] }
  /** Write the file now and not in a moment. */
  | { readonly type: "save" }
  /** What becomes of a cell in conflict: as it is here, as on disk, or this text. Without `cell`: of all. */
  | {
      readonly type: "resolve";
      readonly cell?: string;
      readonly keep: "mine" | "theirs" | { readonly text: string };
    };

export interface KernelRequest {
  readonly type: "request";
  readonly client: string;
  readonly seq: number;
  /** Browser-defined names → values, everything the requested cells depend on. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /**
   * Cells wanted, with the result already held (then answered `unchanged`, without bytes). `run` names a
   * person's wish that the cell be run although nothing it reads has changed, and whenever it runs by
   * itself; requests that name the same wish again have it fulfilled once.
   */
  readonly cells: readonly {
    readonly id: string;
    readonly have?: string;
    readonly run?: string;
  }[];
}

// ---- server → page (WebSocket) ----

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

// ---- server → kernel (pipe) ----

export type KernelCommand =
  /** The kernel cells as they are now, in page order; sent before the requests that need them. */
  | { readonly type: "cells"; readonly cells: readonly KernelCell[]; readonly directory: string }
  | KernelRequest
  | ExecuteCommand
  /** What the person answered; null when nobody can be asked. */
  | { readonly type: "answer"; readonly text: string | null }
  | CommCommand
  | KeysCommand
  | { readonly type: "stop" };

/** Asks for the names of a live value's properties, to complete code; no code runs for it. */
export interface KeysCommand {
  readonly type: "keys";
  /** Comes back with the answer. */
  readonly number: number;
  /** Names and keys that lead from the names of executions to the value. */
  readonly path: readonly string[];
}

/** Code to be executed after what was asked before: what it declares at its top stays for all that follows. */
export interface ExecuteCommand {
  readonly type: "execute";
  /** Names the execution in notices and in positions of errors. */
  readonly id: string;
  /** Types blanked, positions kept. */
  readonly code: string;
}

/**
 * A word through a comm, from either of its ends: a way between an execution and what a client shows.
 * Not relayed to pages.
 */
export interface CommWord {
  readonly type: "comm";
  readonly word: "open" | "message" | "close";
  /** Names the comm. */
  readonly comm: string;
  /** What the other end is to make of it; with "open". */
  readonly target?: string;
  /** Both are the JSON text of an object. */
  readonly data: string;
  readonly metadata: string;
  readonly buffers: readonly Uint8Array[];
}

/** A word of a client; answered by "heard" with its `seq` when it has been taken. */
export type CommCommand = CommWord & { readonly seq: number };

// ---- kernel → server (pipe); the server adds nothing and relays to the pages it concerns ----

export type KernelNotice =
  | { readonly type: "ready"; readonly pid: number; readonly node: string }
  /** `state` of a cell's run; `why` names the inputs that changed. */
  | {
      readonly type: "run";
      readonly cell: string;
      readonly state: "queued" | "running" | "stale" | "stopped" | "done" | "failed";
      readonly why?: readonly string[];
      /** What `why` names has been edited or run anew, a module or a name: the cell is to be asked for again. */
      readonly edited?: true;
      readonly ms?: number;
    }
  /** `progress(done, total)` of a running cell, at most ten a second. */
  | {
      readonly type: "progress";
      readonly cell: string;
      readonly done: number;
      readonly total: number;
      readonly label?: string;
    }
  | {
      readonly type: "result";
      readonly client: string;
      readonly seq: number;
      readonly cell: string;
      /** Identity of this finished run's values. */
      readonly result: string;
      readonly ms: number;
      /** Text preview of the last expression, at most 2 KB. */
      readonly preview?: string;
      /** What the run has shown, in order; the last expression too when more than text can be shown of it. */
      readonly shown?: readonly ShownBundle[];
      /** The client already holds `result`. */
      readonly unchanged?: true;
      /** Wanted outputs by name. Absent when they are to be fetched. */
      readonly values?: Readonly<Record<string, unknown>>;
      /**
       * Path of GET for results over 256 KB: the body is this notice's own frame, `values` included.
       * 410 when superseded.
       */
      readonly href?: string;
      /**
       * Of a cell that runs on demand: why its value is not of what it reads now. That of one which has not
       * run yet has the error "OnDemand".
       */
      readonly stale?: readonly StaleReason[];
      /** Set when no run was needed: milliseconds since the one that made it. */
      readonly age?: number;
      /** The cell's names, unless `unchanged`. */
      readonly held?: readonly HeldValue[];
      readonly error?: CellError;
    }
  | {
      readonly type: "log";
      readonly cell: string;
      readonly level: "log" | "info" | "warn" | "error" | "debug";
      readonly text: string;
      /** The last line goes on in what comes next. */
      readonly partial?: true;
      /** Path of a file with all that this run has printed, once there is one. */
      readonly file?: string;
    }
  /** Shows a value of a cell or an execution; with `update` in place of what has the same name. */
  | {
      readonly type: "display";
      readonly cell: string;
      readonly display: string;
      readonly bundle: MimeBundle;
      readonly update?: true;
    }
  /** Takes away what is shown, at once or when something new is shown. */
  | { readonly type: "clear"; readonly cell: string; readonly wait: boolean }
  /** Something failed outside any cell's evaluation (a timer, a promise nobody awaited). */
  | { readonly type: "uncaught"; readonly cell?: string; readonly error: CellError };

/** One value by MIME type: texts, JSON values, bytes. Has "text/plain" at least. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Something shown, and the name by which it can be shown anew. */
export interface ShownBundle {
  readonly display: string;
  readonly bundle: MimeBundle;
}

/** What is told of an execution to whoever asked for it, and not to pages. */
export type ExecutionNotice =
  | {
      readonly type: "executed";
      readonly id: string;
      readonly ms: number;
      /** Value of the last expression; none when it is undefined. */
      readonly bundle?: MimeBundle;
      /** With the name "Stopped" when it was stopped. */
      readonly error?: CellError;
    }
  /** What was asked by `keys`; no names where the way leads nowhere that can be seen. */
  | { readonly type: "keys"; readonly number: number; readonly names?: readonly string[] }
  /** Shows a value beside the document. */
  | { readonly type: "page"; readonly id: string; readonly bundle: MimeBundle }
  /** Asks the person; answered by an `answer`. */
  | {
      readonly type: "ask";
      readonly id: string;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** A word to the clients; `id` of the execution whose comm it is, if it is one's. */
  | (CommWord & { readonly id?: string })
  /** The words of clients that have been taken. */
  | { readonly type: "heard"; readonly seqs: readonly number[] }
  /** From now on clients can open comms to a target, or cannot any more. */
  | { readonly type: "target"; readonly target: string; readonly registered: boolean };

/**
 * Memory the kernel's process holds, told when it has changed by a few megabytes. Not relayed as it is:
 * the pages learn it as `bytes` of a "kernel" notice.
 */
export interface MemoryNotice {
  readonly type: "memory";
  readonly bytes: number;
  /** Bytes it may hold at most. */
  readonly cap?: number;
}

/*
 * ---- Workbooks as files, and their history; every body and answer is JSON ----
 *
 * POST /api/workbooks/new        {path, title?}   → {path}: an empty workbook
 * POST /api/workbooks/duplicate  {path, to?}      → {path}: beside it, "… copy.md", when `to` is left out;
 *                                                  of one that is open, as it is in its pages
 * POST /api/workbooks/rename     {path, to}       → {path}: open pages are told `moved`
 * POST /api/workbooks/delete     {path}           → {trashed}: its name in the trash
 * POST /api/workbooks/restore    {trashed}        → {path}: where it was, or beside what is there now
 * GET  /api/trash                                 → TrashList
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

export interface HistoryList {
  readonly versions: readonly HistoryEntry[];
}

export interface HistoryEntry {
  /** Names the text: equal texts have equal names. */
  readonly version: string;
  /** ms since 1970. */
  readonly time: number;
  readonly bytes: number;
  /** Why it was kept: "saved", "on disk" (somebody else wrote it), "opened". */
  readonly cause: "opened" | "saved" | "disk";
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

// ---- GET /api/workbooks ----

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
  /** Why the file cannot be shown; the title is then its name. */
  readonly error?: string;
}
