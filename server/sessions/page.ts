import type { WebSocket } from "ws";

/** Unsent bytes beyond which a page gets no more of what it can do without (log, progress). */
const slow = 1024 * 1024;
/** Unsent bytes beyond which a page is cut off; it comes back and starts from what is true then. */
const stuck = 128 * 1024 * 1024;

/** One open page: a socket, and the name under which it asks the kernel and is answered. */
export class Page {
  /** The page chooses it, at random, with its first request, and keeps it when it has to reconnect. */
  client: string | undefined;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /**
   * Sends a frame.
   *
   * @param dispensable left out when the page is slow to receive
   */
  send(frame: Uint8Array, dispensable = false): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const waiting = this.#socket.bufferedAmount;
    if (waiting > stuck) this.#socket.terminate();
    else if (!dispensable || waiting < slow) this.#socket.send(frame);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }
}
