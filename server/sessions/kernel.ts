import { KernelProcess } from "../../kernel/process/index.ts";
import {
  encode,
  type KernelCell,
  type KernelCommand,
  type KernelNotice,
  type KernelState,
  type MemoryNotice,
  type PageNotice,
} from "../../src/protocol/index.ts";
import { readNotice } from "../kernels/notice.ts";

/** How long a run may go on after it was asked to stop, before the person is told that it does not. */
const stopMilliseconds = 3_000;

/** How long a run, or a pause between two, must last to be told as a state: most are over in a blink. */
const busyMilliseconds = 100;
const pauseMilliseconds = 30;

interface Trouble {
  readonly reason: string;
  readonly culprit?: string;
  readonly stuck?: true;
}

/** What a session hears of its kernel. */
export interface KernelListener {
  /** A notice of the kernel, as it sent it: `head` is all that was read of `frame`. */
  notice(head: KernelNotice, frame: Uint8Array): void;
  /** The kernel's state, or news of it. */
  state(notice: PageNotice & { type: "kernel" }): void;
}

/**
 * The kernel of one session, through all its processes: started when first needed, named dead when it
 * dies, and started again only when a person asks. What died is not run again by itself: a cell that ends
 * its process would end the next one too.
 */
export class SessionKernel {
  readonly #path: string;
  readonly #listener: KernelListener;
  #process: KernelProcess | undefined;
  #cells: Uint8Array | undefined;
  #directory = "";
  #state: KernelState = "none";
  /** Why it died, or what is wrong with it while it runs. */
  #trouble: Trouble | undefined;
  #memory: Omit<MemoryNotice, "type"> | undefined;
  readonly #running = new Set<string>();
  #overdue: NodeJS.Timeout | undefined;
  /** State as it was last told. */
  #told: KernelState = "none";
  #telling: NodeJS.Timeout | undefined;

  constructor(path: string, listener: KernelListener) {
    this.#path = path;
    this.#listener = listener;
  }

  /** The state as a page that comes now is told it. */
  get notice(): PageNotice & { type: "kernel" } {
    return { type: "kernel", state: this.#state, ...this.#trouble, ...this.#memory };
  }

  get busy(): boolean {
    return this.#running.size > 0 || this.#state === "starting";
  }

  /** A cell that runs now, for output that says not whose it is. */
  get runningCell(): string | undefined {
    return this.#running.values().next().value;
  }

  /** The kernel cells as they are now; a kernel that runs learns them before any later request. */
  setCells(cells: readonly KernelCell[], directory: string): void {
    const command: KernelCommand = { type: "cells", cells, directory };
    this.#cells = encode(command);
    this.#directory = directory;
    this.#process?.send(this.#cells);
  }

  /**
   * Passes a request on, starting a kernel if there has been none.
   *
   * @returns why it was not passed on, undefined when it was
   */
  request(frame: Uint8Array): string | undefined {
    if (this.#state === "died") return `${this.#trouble?.reason}. Restart it to go on`;
    this.#process ??= this.#start();
    return this.#process.send(frame)
      ? undefined
      : "The kernel has too many unread requests: wait, or restart it";
  }

  /** Starts a kernel if there has been none: a request is about to come. */
  prepare(): void {
    if (this.#state === "none") this.#process ??= this.#start();
  }

  /** Asks the running cell to stop; when it does not in 3 s, the state says so. */
  stop(): void {
    if (!this.#process || this.#running.size === 0) return;
    this.#process.stop();
    this.#overdue ??= setTimeout(() => {
      this.#overdue = undefined;
      const culprit = this.runningCell;
      if (culprit === undefined) return;
      const reason =
        "it did not stop within 3 s, as in a long call into native code. Ending the kernel ends it, and its values are lost";
      this.#change(this.#state, { reason, culprit, stuck: true });
    }, stopMilliseconds);
  }

  /** A new process in place of whatever there is; values are gone. */
  async restart(): Promise<void> {
    const old = this.#detach();
    this.#change("starting", undefined);
    await old?.kill();
    // Another restart, or a request, may have started one meanwhile.
    if (this.#state === "starting") this.#process ??= this.#start();
  }

  /** Ends the process; the next request starts a new one. */
  async end(): Promise<void> {
    const old = this.#detach();
    this.#change("none", undefined);
    await old?.kill();
  }

  #start(): KernelProcess {
    this.#change("starting", undefined);
    const process = new KernelProcess(this.#path, this.#directory, {
      frame: (frame) => {
        if (this.#process === process) this.#receive(frame);
      },
      output: (stream, text) => {
        if (this.#process !== process) return;
        const level = stream === "stderr" ? "error" : "log";
        const notice = { type: "log", cell: this.runningCell ?? "", level, text } as const;
        this.#listener.notice(notice, encode(notice));
      },
      ended: (reason, cell) => {
        if (this.#process !== process) return;
        const culprit = cell ?? this.runningCell;
        this.#detach();
        this.#change("died", { reason, ...(culprit === undefined ? {} : { culprit }) });
      },
    });
    if (this.#cells) process.send(this.#cells);
    return process;
  }

  /** Lets go of the process: what it still says is not heard. */
  #detach(): KernelProcess | undefined {
    const process = this.#process;
    this.#process = undefined;
    this.#running.clear();
    this.#memory = undefined;
    clearTimeout(this.#overdue);
    this.#overdue = undefined;
    return process;
  }

  #receive(frame: Uint8Array): void {
    const notice = readNotice(frame);
    if (!notice) return;
    if (notice.type === "memory") {
      const { bytes, cap } = notice;
      this.#memory = { bytes, ...(cap !== undefined && { cap }) };
      this.#tell();
      return;
    }
    if (notice.type === "ready") {
      this.#change("ready", undefined);
      return;
    }
    this.#listener.notice(notice, frame);
    if (notice.type !== "run") return;
    if (notice.state === "running") this.#running.add(notice.cell);
    else if (notice.state !== "queued") this.#running.delete(notice.cell);
    const busy = this.#running.size > 0;
    if (!busy) {
      clearTimeout(this.#overdue);
      this.#overdue = undefined;
    }
    this.#change(busy ? "busy" : "ready", busy ? this.#trouble : undefined);
  }

  #change(state: KernelState, trouble: Trouble | undefined): void {
    if (state === this.#state && trouble === this.#trouble) return;
    const between = isBetweenRuns(state) && isBetweenRuns(this.#state);
    const settled = between && trouble === this.#trouble;
    this.#state = state;
    this.#trouble = trouble;
    clearTimeout(this.#telling);
    this.#telling = undefined;
    if (!settled) this.#tell();
    if (state === this.#told) return;
    const delay = state === "busy" ? busyMilliseconds : pauseMilliseconds;
    this.#telling = setTimeout(() => this.#tell(), delay);
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#told = this.#state;
    this.#listener.state(this.notice);
  }
}

function isBetweenRuns(state: KernelState): boolean {
  return state === "ready" || state === "busy";
}
