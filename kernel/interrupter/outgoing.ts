import type { Writable } from "node:stream";
import { encode, lengthPrefix } from "../../src/protocol/index.ts";
import type { Log } from "./log-stream.ts";

/** Milliseconds for which lines of a log are gathered. */
const gathering = 8;

/** Frames on their way to the server, in order. Lines that follow each other leave as one text. */
export class Outgoing {
  readonly #pipe: Writable;
  #logs: Log[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(pipe: Writable) {
    this.#pipe = pipe;
  }

  frame(frame: Uint8Array): void {
    this.#tellLogs();
    this.#write(frame);
  }

  log(log: Log): void {
    this.#logs.push(log);
    this.#timer ??= setTimeout(() => this.#tellLogs(), gathering);
  }

  /** Calls back when all of it has left the process. */
  flush(done: () => void): void {
    this.#tellLogs();
    this.#pipe.write("", done);
  }

  #tellLogs(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const logs = this.#logs;
    this.#logs = [];
    for (let start = 0; start < logs.length; ) {
      const { cell, level } = logs[start]!;
      let next = start + 1;
      while (logs[next]?.cell === cell && logs[next]?.level === level) next++;
      const last = logs[next - 1]!;
      const before = logs.slice(start, next - 1);
      const text = before.map((log) => log.text + (log.partial ? "" : "\n")).join("");
      this.#write(encode({ ...last, text: text + last.text } satisfies Log));
      start = next;
    }
  }

  #write(frame: Uint8Array): void {
    this.#pipe.cork();
    this.#pipe.write(lengthPrefix(frame.length));
    this.#pipe.write(frame);
    this.#pipe.uncork();
  }
}
