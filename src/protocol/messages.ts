/**
 * The messages between page, server and kernel. Each is encoded by `frame.ts`: values that hold typed
 * arrays travel as raw bytes. A *command* is asked of the server or kernel, a *notice* is told by it.
 */

/** Position inside a cell: 1-based line and column of the cell's own source. */
export interface CellPosition {
  readonly cell: string;
  readonly line: number;
  readonly column: number;
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
      /** All browser-defined names this cell depends on, through any number of kernel cells. */
      readonly browserInputs: readonly string[];
      readonly outputs: readonly string[];
      /** Outputs that some browser cell names: only these leave the kernel. */
      readonly wanted: readonly string[];
      readonly error?: CellError;
    }
);

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
  /** First message of a socket. `workbook` is the path under the root. */
  | { readonly type: "open"; readonly workbook: string }
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
  | { readonly type: "restart" };

export interface KernelRequest {
  readonly type: "request";
  readonly client: string;
  readonly seq: number;
  /** Browser-defined names → values, everything the requested cells depend on. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Cells wanted, with the result already held (then answered `unchanged`, without bytes). */
  readonly cells: readonly { readonly id: string; readonly have?: string }[];
}

// ---- server → page (WebSocket) ----

export type PageNotice =
  /** Definitions: the whole workbook on open, the changed cells after an edit. */
  | {
      readonly type: "workbook";
      readonly title: string;
      readonly path: string;
      /** False until the person has run this workbook once: then nothing may be evaluated. */
      readonly trusted: boolean;
      /** After "trust" nothing is changed but `trusted`: what the page holds may now be evaluated. */
      readonly cause: "open" | "disk" | "trust";
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
      readonly bytes?: number;
    }
  | KernelNotice
  /**
   * What is wrong with the file on disk (deleted, unreadable): the cells stay as they were. Without
   * `problem`: nothing any more.
   */
  | { readonly type: "file"; readonly problem?: string }
  /** A message that made no sense or may not be done now. */
  | { readonly type: "refused"; readonly message: string };

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
  | { readonly type: "stop" };

/** Code to be executed after what was asked before: what it declares at its top stays for all that follows. */
export interface ExecuteCommand {
  readonly type: "execute";
  /** Names the execution in notices and in positions of errors. */
  readonly id: string;
  /** Types blanked, positions kept. */
  readonly code: string;
}

// ---- kernel → server (pipe); the server adds nothing and relays to the pages it concerns ----

export type KernelNotice =
  | { readonly type: "ready"; readonly pid: number; readonly node: string }
  /** `state` of a cell's run; `why` names the inputs that changed. */
  | {
      readonly type: "run";
      readonly cell: string;
      readonly state: "queued" | "running" | "stale" | "stopped" | "done" | "failed";
      readonly why?: readonly string[];
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
      /** The client already holds `result`. */
      readonly unchanged?: true;
      /** Wanted outputs by name. Absent when they are to be fetched. */
      readonly values?: Readonly<Record<string, unknown>>;
      /**
       * Path of GET for results over 256 KB: the body is this notice's own frame, `values` included.
       * 410 when superseded.
       */
      readonly href?: string;
      readonly error?: CellError;
    }
  | {
      readonly type: "log";
      readonly cell: string;
      readonly level: "log" | "info" | "warn" | "error" | "debug";
      readonly text: string;
    }
  /** Something failed outside any cell's evaluation (a timer, a promise nobody awaited). */
  | { readonly type: "uncaught"; readonly cell?: string; readonly error: CellError };

/** One value by MIME type: texts, JSON values, bytes. Has "text/plain" at least. */
export type MimeBundle = Readonly<Record<string, unknown>>;

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
  /** Shows a value; `display` names what is shown, so that it can be shown anew with `update`. */
  | {
      readonly type: "display";
      readonly id: string;
      readonly bundle: MimeBundle;
      readonly display: string;
      readonly update?: true;
    }
  /** Takes away what is shown, at once or when something new is shown. */
  | { readonly type: "clear"; readonly id: string; readonly wait: boolean }
  /** Shows a value beside the document. */
  | { readonly type: "page"; readonly id: string; readonly bundle: MimeBundle }
  /** Asks the person; answered by an `answer`. */
  | {
      readonly type: "ask";
      readonly id: string;
      readonly prompt: string;
      readonly password: boolean;
    };

/**
 * Memory the kernel's process holds, told when it has changed by a few megabytes. Not relayed as it is:
 * the pages learn it as `bytes` of a "kernel" notice.
 */
export interface MemoryNotice {
  readonly type: "memory";
  readonly bytes: number;
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
