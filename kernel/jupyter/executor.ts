import { fileURLToPath } from "node:url";
import {
  decode,
  type ExecutionNotice,
  encode,
  type KernelCommand,
  type KernelNotice,
  type MemoryNotice,
} from "../../src/protocol/index.ts";
import { KernelProcess } from "../process/index.ts";

export type ExecutorNotice = KernelNotice | ExecutionNotice | MemoryNotice;

/** What an executor has to say. */
export interface ExecutorListener {
  notice(notice: ExecutorNotice): void;
  /** What the process wrote past the console. */
  output(stream: "stdout" | "stderr", text: string): void;
  /** The process is gone, with everything in it; the next command starts a new one. */
  ended(reason: string): void;
}

const script = fileURLToPath(new URL("./kernel.js", import.meta.url));

/** The process that runs a person's code, started when it is needed and again after it has ended. */
export class Executor {
  readonly #directory: string;
  readonly #listener: ExecutorListener;
  #process: KernelProcess | undefined;
  /** What waits until the process has read more of what was sent before. */
  #unsent: Uint8Array[] = [];

  constructor(directory: string, listener: ExecutorListener) {
    this.#directory = directory;
    this.#listener = listener;
  }

  start(): KernelProcess {
    if (this.#process) return this.#process;
    const { notice, output, ended } = this.#listener;
    const started: KernelProcess = new KernelProcess(script, this.#directory, {
      frame: (frame) => notice(decode(frame) as ExecutorNotice),
      output,
      ended: (reason) => {
        if (this.#process === started) this.#process = undefined;
        this.#unsent = [];
        ended(reason);
      },
    });
    this.#process = started;
    return started;
  }

  send(command: KernelCommand): void {
    this.#unsent.push(encode(command));
    if (this.#unsent.length === 1) this.#flush(this.start());
  }

  #flush(process: KernelProcess): void {
    while (this.#process === process && this.#unsent.length > 0) {
      if (!process.send(this.#unsent[0]!)) {
        process.drained(() => this.#flush(process));
        return;
      }
      this.#unsent.shift();
    }
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Asks for the end of what runs; heard also while it keeps the thread. */
  stop(): void {
    this.#process?.stop();
  }

  /** Ends the process; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }
}
