import { randomUUID } from "node:crypto";
import type { Channel, Sockets } from "./sockets.ts";
import type { Content, Header, Message, Wire } from "./wire.ts";

export const protocolVersion = "5.4";

/** A request, and the door it came through. */
export interface Request {
  readonly channel: Channel;
  readonly message: Message;
}

/** What goes with a content, in another part of the message. */
export interface Beside {
  readonly topic?: Uint8Array;
  readonly metadata?: Content;
  readonly buffers?: readonly Uint8Array[];
}

/** Says things in the kernel's name: answers to requests, and what all clients hear. */
export class Publisher {
  readonly #sockets: Sockets;
  readonly #wire: Wire;
  readonly #session = randomUUID();

  constructor(sockets: Sockets, wire: Wire) {
    this.#sockets = sockets;
    this.#wire = wire;
  }

  /** Answers a request, to its sender alone. */
  reply({ channel, message }: Request, type: string, content: Content): void {
    const { header, identities } = message;
    this.#sockets.send(channel, this.#packed(type, content, header, { identities }));
  }

  /** Tells all clients, as a part of what `parent` asked for. */
  publish(type: string, content: Content, parent: Message["parent"], beside: Beside = {}): void {
    const topic = beside.topic ?? Buffer.from(`kernel.${this.#session}.${type}`);
    this.#sockets.publish(this.#packed(type, content, parent, { ...beside, identities: [topic] }));
  }

  status(state: "busy" | "idle" | "starting", parent: Message["parent"]): void {
    this.publish("status", { execution_state: state }, parent);
  }

  /** Asks the person at the client that a request came from. */
  ask({ message }: Request, content: Content): void {
    const { header, identities } = message;
    this.#sockets.send("stdin", this.#packed("input_request", content, header, { identities }));
  }

  #packed(
    type: string,
    content: Content,
    parent: Message["parent"],
    more: Pick<Message, "identities"> & Partial<Pick<Message, "metadata" | "buffers">>,
  ): Uint8Array[] {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.#session,
      username: "kernel",
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    };
    return this.#wire.pack({ header, parent, metadata: {}, content, buffers: [], ...more });
  }
}
