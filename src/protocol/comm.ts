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
