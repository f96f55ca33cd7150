import type { Edit, RevisionName } from "./edits.ts";
import type { KernelRequest } from "./kernel-commands.ts";

/** What a page asks of the server, over the WebSocket. The server relays `request` to the kernel. */
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

/** What a page asks of the document. A document may be edited whether trusted or not. */
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
