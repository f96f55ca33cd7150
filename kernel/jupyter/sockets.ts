import { Router, XPublisher } from "zeromq";
import type { Connection, Door } from "./connection.ts";

export type Channel = "shell" | "control" | "stdin";

/** What comes in at the doors. */
export interface Visitor {
  message(channel: Channel, frames: readonly Uint8Array[]): void;
  /** What came where nothing is expected but to be listened to. */
  nonsense(): void;
  /** A client listens to what is published under a topic. */
  subscribed(topic: Uint8Array): void;
}

/** Bytes of one frame of a request; a client that sends a larger one is cut off. */
const largestMessage = 2 ** 30;
/** Bytes of a heartbeat, and of what clients listen to. */
const largestBeat = 65_536;

/** The five doors of a kernel. The heartbeat answers by itself. */
export class Sockets {
  readonly #routers: Readonly<Record<Channel, Router>>;
  readonly #iopub = new XPublisher({
    sendHighWaterMark: 0,
    linger: 1_000,
    maxMessageSize: largestBeat,
  });
  /** No reply socket: one message that is none would silence it for good. */
  readonly #heartbeat = new Router({ linger: 0, maxMessageSize: largestBeat });
  /** What waits to be sent, by door: a socket sends one message at a time. */
  readonly #sending = new Map<object, Promise<void>>();

  constructor() {
    const router = () =>
      new Router({
        sendHighWaterMark: 0,
        linger: 1_000,
        handover: true,
        maxMessageSize: largestMessage,
      });
    this.#routers = { shell: router(), control: router(), stdin: router() };
  }

  /** @throws {Error} when an address cannot be bound */
  async open({ addresses }: Connection, visitor: Visitor): Promise<void> {
    const sockets: Record<Door, { bind(address: string): Promise<void> }> = {
      ...this.#routers,
      iopub: this.#iopub,
      heartbeat: this.#heartbeat,
    };
    for (const door of Object.keys(sockets) as Door[]) await sockets[door].bind(addresses[door]);
    for (const channel of Object.keys(this.#routers) as Channel[]) {
      void this.#listen(this.#routers[channel], (frames) => visitor.message(channel, frames));
    }
    void this.#listen(this.#iopub, ([event]) => {
      if (event?.[0] === 1) visitor.subscribed(event.subarray(1));
      else if (event?.[0] !== 0) visitor.nonsense();
    });
    void this.#listen(this.#heartbeat, (frames) =>
      // Who has asked may be gone by now.
      this.#heartbeat.send([...frames] as Buffer[]).catch(() => {}),
    );
  }

  /** Sends after all that was sent to this door before. */
  send(channel: Channel, frames: readonly Uint8Array[]): void {
    this.#send(this.#routers[channel], frames);
  }

  publish(frames: readonly Uint8Array[]): void {
    this.#send(this.#iopub, frames);
  }

  /** Closes the doors once all has left that was sent. */
  async close(): Promise<void> {
    await Promise.all(this.#sending.values());
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) {
      socket.close();
    }
  }

  #send(socket: Router | XPublisher, frames: readonly Uint8Array[]): void {
    const before = this.#sending.get(socket) ?? Promise.resolve();
    // A client that is gone is no failure of what is said next.
    const sent = before.then(() => socket.send([...frames] as Buffer[])).catch(() => {});
    this.#sending.set(socket, sent);
  }

  async #listen(
    socket: AsyncIterable<Buffer[]> & { readonly closed: boolean },
    take: (frames: readonly Uint8Array[]) => unknown,
  ): Promise<void> {
    for await (const frames of socket) await take(frames);
  }
}
