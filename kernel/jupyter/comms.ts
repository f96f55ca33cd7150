import type { CommCommand, CommWord, ExecutionNotice } from "../../src/protocol/index.ts";
import type { Publisher, Request } from "./publisher.ts";
import type { Content, Header } from "./wire.ts";

/** What comms need of the executions around them. */
export interface CommSurroundings {
  send(command: CommCommand): void;
  /** The request being executed, if one is. */
  executing(): Header | Readonly<Record<string, never>> | undefined;
  /** The request that an execution was asked by. */
  header(id: string): Header | undefined;
}

type CommNotice = Extract<ExecutionNotice, { type: "comm" | "heard" | "target" }>;

const words = { comm_open: "open", comm_msg: "message", comm_close: "close" } as const;
const types = { open: "comm_open", message: "comm_msg", close: "comm_close" } as const;

const longestName = 256;

/** The comms between clients and executions: which there are, and whose words are on their way. */
export class Comms {
  readonly #publisher: Publisher;
  readonly #around: CommSurroundings;
  /** Target by id of the comm. */
  readonly #open = new Map<string, string>();
  /** What executions have registered. */
  readonly #targets = new Set<string>();
  /** Words to comms whose target an execution may still register, by comm. */
  readonly #held = new Map<string, Request[]>();
  /** Words on their way, by number. */
  readonly #sent = new Map<number, Request>();
  #seq = 0;

  constructor(publisher: Publisher, around: CommSurroundings) {
    this.#publisher = publisher;
    this.#around = around;
  }

  /** The comms there are, to one target or to any. */
  told(target: unknown): Content {
    const comms = [...this.#open].filter(([, own]) => typeof target !== "string" || own === target);
    return Object.fromEntries(comms.map(([id, own]) => [id, { target_name: own }]));
  }

  /**
   * A client's word. One that opens a comm to what nobody has registered waits for what is being executed.
   *
   * @returns why it is refused, undefined when it is not
   */
  hear(request: Request): string | undefined {
    const { header, content } = request.message;
    const { comm_id: id, target_name: target, data = {} } = content;
    const refuse = (key: string) =>
      `Cannot pass on a ${String(header.msg_type)}: expected its ${key}`;
    if (!Object.hasOwn(words, header.msg_type)) return `Cannot answer a message of type comm_*`;
    if (!isName(id)) return refuse(`comm_id to be a text of 1 to ${longestName} characters`);
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      return refuse("data to be an object");
    }
    const isOpening = header.msg_type === "comm_open";
    if (isOpening && !isName(target)) {
      return refuse(`target_name to be a text of 1 to ${longestName} characters`);
    }
    this.#publisher.status("busy", header);
    if (isOpening) this.#open.set(id, String(target));
    const held = this.#held.get(id);
    if (held) held.push(request);
    else if (isOpening && !this.#targets.has(String(target)) && this.#around.executing()) {
      this.#held.set(id, [request]);
    } else this.#pass(request);
    return undefined;
  }

  /** What executions say. */
  notice(notice: CommNotice): void {
    if (notice.type === "heard") {
      for (const seq of notice.seqs) this.#taken(seq);
    } else if (notice.type === "target") {
      if (notice.registered) this.#targets.add(notice.target);
      else this.#targets.delete(notice.target);
      this.#release((target) => target === notice.target);
    } else this.#publish(notice);
  }

  /** Nothing is executed any more: what nobody has registered by now, nobody will. */
  idle(): void {
    this.#release(() => true);
  }

  /** The process is gone, with its end of every comm. */
  died(): void {
    this.#release(() => true);
    for (const [id] of this.#open) {
      this.#publisher.publish("comm_close", { comm_id: id, data: {} }, {});
    }
    this.#open.clear();
    this.#targets.clear();
    for (const seq of [...this.#sent.keys()]) this.#taken(seq);
  }

  #release(isFor: (target: string) => boolean): void {
    for (const [id, requests] of [...this.#held]) {
      if (!isFor(this.#open.get(id) ?? "")) continue;
      this.#held.delete(id);
      for (const request of requests) this.#pass(request);
    }
  }

  #pass(request: Request): void {
    const { header, content, metadata, buffers } = request.message;
    const { comm_id: id, target_name: target, data = {} } = content;
    const word = words[header.msg_type as keyof typeof words];
    if (word === "close") this.#open.delete(String(id));
    const seq = ++this.#seq;
    this.#sent.set(seq, request);
    this.#around.send({
      type: "comm",
      word,
      comm: String(id),
      ...(word === "open" && { target: String(target) }),
      data: JSON.stringify(data),
      metadata: JSON.stringify(metadata),
      buffers,
      seq,
    });
  }

  #taken(seq: number): void {
    const request = this.#sent.get(seq);
    if (!request) return;
    this.#sent.delete(seq);
    this.#publisher.status("idle", request.message.header);
    // The last state that a client hears is the one there is.
    const running = this.#around.executing();
    if (running) this.#publisher.status("busy", running);
  }

  #publish({ id, word, comm, target, data, metadata, buffers }: CommWord & { id?: string }): void {
    if (word === "open") this.#open.set(comm, target ?? "");
    if (word === "close") this.#open.delete(comm);
    const content = {
      comm_id: comm,
      ...(word === "open" && { target_name: target }),
      data: JSON.parse(data) as Content,
    };
    const header = id === undefined ? undefined : this.#around.header(id);
    const beside = { metadata: JSON.parse(metadata) as Content, buffers };
    this.#publisher.publish(types[word], content, header ?? {}, beside);
  }
}

function isName(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value !== "" &&
    value.length <= longestName &&
    !value.includes("\0")
  );
}
