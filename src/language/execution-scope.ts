/*
 * What an execution finds beside Node's globals, as the language service sees it: a test holds it to the
 * list of builtins. Nothing of this runs.
 */

export {
  clear,
  display,
  heatmap,
  html,
  image,
  json,
  md,
  progress,
  type Rich,
  type Shown,
  signal,
  svg,
  tex,
} from "./kernel-scope.ts";

/** Asks the person and waits for the answer. */
export declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

/** Shows a value beside the document. */
export declare function page(value: unknown): void;

/** What is sent through a comm beside its data. */
export interface CommMore {
  metadata?: object;
  buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

/** What came through a comm. Buffers can be seen as arrays of any type. */
export interface CommMessage {
  // biome-ignore lint/suspicious/noExplicitAny: data of the other end's making
  readonly data: Readonly<Record<string, any>>;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  readonly metadata: Readonly<Record<string, any>>;
  readonly buffers: readonly Uint8Array[];
}

/** One end of a way to what a client shows. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  readonly isOpen: boolean;
  /** Sends data that JSON can say, and bytes beside it. */
  send(data?: object, more?: CommMore): void;
  /** Closes it, with a last word. */
  close(data?: object, more?: CommMore): void;
  /** Calls back with each message, also while a cell awaits; returns what takes it back. */
  onMessage(handler: (message: CommMessage) => unknown): () => void;
  /** Calls back when the other end closes it; returns what takes it back. */
  onClose(handler: (message: CommMessage) => unknown): () => void;
}

/** Ways to what a client shows: a widget, or a front end of your own. */
export declare const comm: {
  /** Opens one to what clients know as its target. */
  open(target: string, data?: object, more?: CommMore): Comm;
  /** Lets clients open comms to a target; returns what ends that. */
  register(target: string, opened: (comm: Comm, message: CommMessage) => unknown): () => void;
};
