import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import {
  decode,
  encode,
  type NumberedCommand,
  type PageNotice,
} from "../../../src/protocol/index.ts";
import type { Serving } from "./serving.ts";

type Type = PageNotice["type"];
type Of<T extends Type> = Extract<PageNotice, { type: T }>;

/** A page, seen from the server: a socket that says what it is told to say and keeps what it hears. */
export class Visitor {
  readonly client: string = crypto.randomUUID();
  readonly heard: PageNotice[] = [];
  readonly socket: WebSocket;
  readonly #looks = new Set<() => void>();
  #taken = 0;
  #seq = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => {
      this.heard.push(decode(new Uint8Array(data)) as PageNotice);
      for (const look of this.#looks) look();
    });
  }

  /** Connects; opens `workbook` unless there is none. */
  static async connect(
    served: Pick<Serving, "origin" | "cookie">,
    workbook?: string,
  ): Promise<Visitor> {
    const socket = new WebSocket(`${served.origin.replace("http", "ws")}/socket`, {
      headers: { cookie: served.cookie },
      origin: served.origin,
    });
    const visitor = new Visitor(socket);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    onTestFinished(() => socket.terminate());
    if (workbook !== undefined) visitor.send({ type: "open", workbook, client: visitor.client });
    return visitor;
  }

  send(command: NumberedCommand): void {
    this.socket.send(encode(command));
  }

  /** Asks the kernel for a cell. */
  request(cell: string, inputs: Record<string, unknown> = {}): number {
    this.#seq += 1;
    const { client } = this;
    this.send({ type: "request", client, seq: this.#seq, inputs, cells: [{ id: cell }] });
    return this.#seq;
  }

  /** The next notice of a type that answers to `is`, among those not yet taken. */
  next<T extends Type>(type: T, is: (notice: Of<T>) => boolean = () => true): Promise<Of<T>> {
    return new Promise((resolve, reject) => {
      const told = () =>
        this.heard.map((notice) => JSON.stringify(notice).slice(0, 200)).join("\n");
      const timeout = setTimeout(() => {
        this.#looks.delete(look);
        reject(new Error(`No notice ${type} came; heard:\n${told()}`));
      }, 4_000);
      const look = () => {
        const index = this.heard.findIndex(
          (notice, at) => at >= this.#taken && notice.type === type && is(notice as Of<T>),
        );
        if (index < 0) return;
        this.#taken = index + 1;
        this.#looks.delete(look);
        clearTimeout(timeout);
        resolve(this.heard[index] as Of<T>);
      };
      this.#looks.add(look);
      look();
    });
  }

  /** Heard notices of a type. */
  all<T extends Type>(type: T): Of<T>[] {
    return this.heard.filter((notice): notice is Of<T> => notice.type === type);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.socket.close();
    await closed;
  }
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
