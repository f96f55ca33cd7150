import { randomUUID } from "node:crypto";
import type { CommWord } from "../../src/protocol/index.ts";

/** What came through a comm. */
export interface CommMessage {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Each begins at a multiple of 8 of its memory: it can be seen as an array of any type. */
  readonly buffers: readonly Uint8Array[];
}

/** What is sent beside the data. */
export interface CommMore {
  readonly metadata?: object;
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

export type CommHandler = (message: CommMessage) => unknown;

/** What a comm needs of those that keep it. */
export interface CommKeeper {
  /** Sends a word in the comm's name; after "close" it is forgotten. */
  say(word: CommWord): void;
  /** Remembers whose handler it is, so that its errors are told there. */
  owned(handler: CommHandler): CommHandler;
}

/** One end of a way to what a client shows: a widget, a map, a front end of the person's own. */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #keeper: CommKeeper;
  readonly #handlers: Readonly<Record<"message" | "close", Set<CommHandler>>> = {
    message: new Set(),
    close: new Set(),
  };
  #isOpen = true;

  constructor(target: string, keeper: CommKeeper, id: string = randomUUID()) {
    this.id = id;
    this.target = target;
    this.#keeper = keeper;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Sends data that JSON can say, and bytes beside it.
   *
   * @throws {Error} when the comm is closed
   * @throws {TypeError} when the data is no object, or holds what JSON cannot say
   */
  send(data: object = {}, more: CommMore = {}): void {
    if (!this.#isOpen) throw new Error(`Cannot send to "${this.target}": its comm is closed`);
    this.#keeper.say(commWord("message", this, data, more));
  }

  /** Closes it, with a last word; a comm that is closed stays so. */
  close(data: object = {}, more: CommMore = {}): void {
    if (!this.#isOpen) return;
    const word = commWord("close", this, data, more);
    this.#isOpen = false;
    this.#keeper.say(word);
  }

  /** Calls back with each message; the returned function takes it back. */
  onMessage(handler: CommHandler): () => void {
    return this.#add("message", handler);
  }

  /** Calls back when the other end closes it; the returned function takes it back. */
  onClose(handler: CommHandler): () => void {
    return this.#add("close", handler);
  }

  /** Takes a word of the other end. */
  take(word: "message" | "close", message: CommMessage): void {
    if (word === "close") this.#isOpen = false;
    for (const handler of [...this.#handlers[word]]) handler(message);
  }

  #add(word: "message" | "close", handler: CommHandler): () => void {
    const owned = this.#keeper.owned(handler);
    this.#handlers[word].add(owned);
    return () => void this.#handlers[word].delete(owned);
  }
}

/** @throws {TypeError} when the data is no object, or holds what JSON cannot say */
export function commWord(
  word: CommWord["word"],
  { id, target }: Pick<Comm, "id" | "target">,
  data: object,
  { metadata = {}, buffers = [] }: CommMore,
): CommWord {
  return {
    type: "comm",
    word,
    comm: id,
    ...(word === "open" && { target }),
    data: jsonOf(data, "data", target),
    metadata: jsonOf(metadata, "metadata", target),
    buffers: buffers.map((buffer) => bytesOf(buffer, target)),
  };
}

function jsonOf(value: object, what: string, target: string): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(
      `Cannot send ${what} to "${target}": expected an object, found ${described(value)}`,
    );
  }
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, part) {
    // As it was: a Buffer has become something else by now.
    const found = unsayable(this[key]);
    if (found === undefined) return part as unknown;
    throw new TypeError(
      `Cannot send ${what} to "${target}": expected what JSON can say at "${key}", found ${found}`,
    );
  });
}

/** What JSON would leave out or make another value of without a word. */
function unsayable(part: unknown): string | undefined {
  if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) {
    return `${part.constructor.name}; bytes are sent as buffers`;
  }
  if (typeof part === "bigint") return `${part}n`;
  if (typeof part === "number" && !Number.isFinite(part)) return String(part);
  return undefined;
}

function described(value: unknown): string {
  return Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
}

function bytesOf(buffer: unknown, target: string): Uint8Array {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  if (ArrayBuffer.isView(buffer)) {
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }
  throw new TypeError(
    `Cannot send a buffer to "${target}": expected an ArrayBuffer or a view of one, found ${typeof buffer}`,
  );
}
