import type { MimeBundle, ShownBundle } from "./bundle.ts";
import type { CellError } from "./cells.ts";
import type { CommWord } from "./comm.ts";
import type { HeldValue } from "./held.ts";

/** What the kernel tells of the workbook's cells, over the pipe: relayed as it is to the pages it concerns. */
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

/** Why the value of a cell is not that of its code and of what it reads as they are now. */
export interface StaleReason {
  /** The name whose value is another; none when the code of the cell itself, or a module it imports, is. */
  readonly name?: string;
  /** Short texts of the value that the cell has read, and of the value now; of values that differ in them. */
  readonly was?: string;
  readonly now?: string;
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
