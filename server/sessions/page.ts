import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import { encode, type PageNotice } from "../../src/protocol/index.ts";

/** Unsent bytes beyond which a page gets no more of what it can do without (log, progress). */
const slow = 1024 * 1024;
/** Unsent bytes beyond which a page is cut off; it comes back and starts from what is true then. */
const stuck = 128 * 1024 * 1024;
/** What is kept of what was sent, for a page whose connection breaks: more than a blink's worth. */
const kept = { bytes: 8 * 1024 * 1024, frames: 10_000 } as const;

/**
 * One open page, through its connections: the name under which it asks the kernel and is answered, what it
 * was told of late, and how far it has been obeyed. While its connection is broken, what it is to be told
 * is kept.
 */
export class Page {
  /** The page chooses it, at random, when it opens or with its first request, and keeps it through reconnects. */
  client: string | undefined;
  /** Names what this page is told, from its first notice on. */
  readonly stream: string = randomUUID();
  #socket: WebSocket | undefined;
  #isCounted = false;
  /** Frames told, and the last of them. */
  #count = 0;
  readonly #told: Uint8Array[] = [];
  #bytes = 0;
  #obeyed = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Whether the page speaks through this socket. */
  isAt(socket: WebSocket): boolean {
    return this.#socket === socket;
  }

  /** Begins to count what the page is told, so that it can go on after its connection broke. */
  welcome(): void {
    this.#isCounted = true;
    const notice = { type: "welcome", stream: this.stream, next: 1, resumed: false } as const;
    this.#socket?.send(encode(notice satisfies PageNotice));
  }

  /** The connection broke; whether the page may come back. */
  detach(): boolean {
    this.#socket = undefined;
    return this.#isCounted;
  }

  /**
   * Goes on through another socket after what the page heard last; whether that is possible: what it has
   * missed may be too much.
   */
  resume(socket: WebSocket, heard: number): boolean {
    const missed = this.#count - heard;
    if (missed < 0 || missed > this.#told.length) return false;
    this.#socket?.terminate();
    this.#socket = socket;
    const notice = {
      type: "welcome",
      stream: this.stream,
      next: heard + 1,
      resumed: true,
    } satisfies PageNotice;
    socket.send(encode(notice));
    for (const frame of this.#told.slice(this.#told.length - missed)) socket.send(frame);
    return true;
  }

  /**
   * Sends a frame; keeps it for a page that is away.
   *
   * @param dispensable left out when the page is slow to receive
   */
  send(frame: Uint8Array, dispensable = false): void {
    const socket = this.#socket;
    const isOpen = socket?.readyState === socket?.OPEN;
    const waiting = socket?.bufferedAmount ?? 0;
    if (dispensable && (waiting >= slow || (!socket && this.#bytes >= slow))) return;
    if (this.#isCounted) this.#keep(frame);
    if (!socket || !isOpen) return;
    if (waiting > stuck) socket.terminate();
    else socket.send(frame);
  }

  /**
   * Obeys one command after the other, in the order they came, and none twice.
   *
   * @param number of the command; one without a number is not told to be done
   */
  obey(number: number | undefined, command: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (number === undefined || number > this.#obeyed) {
        this.#obeyed = number ?? this.#obeyed;
        await command();
      }
      if (number !== undefined) this.send(encode({ type: "done", number } satisfies PageNotice));
    });
    return this.#last;
  }

  close(code: number, reason: string): void {
    this.#socket?.close(code, reason);
  }

  #keep(frame: Uint8Array): void {
    this.#count++;
    this.#told.push(frame);
    this.#bytes += frame.length;
    while (this.#told.length > kept.frames || this.#bytes > kept.bytes) {
      this.#bytes -= this.#told.shift()!.length;
    }
  }
}
