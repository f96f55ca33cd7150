import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Duplex, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { kernelFlags, memoryCap } from "../../kernel/process/index.ts";
import {
  decode,
  encode,
  FrameReader,
  type KernelCommand,
  type KernelNotice,
  lengthPrefix,
  type MemoryNotice,
} from "../../src/protocol/index.ts";
import type { NodeVersion } from "./nodes.ts";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

// What is started here is built from the sources of now; of several test files at once, one builds.
const bootstrap = new URL("../../server/bootstrap/build.mjs", import.meta.url).href;
await ((await import(bootstrap)) as { buildIfStale(): Promise<boolean> }).buildIfStale();
/** The built kernel, as the server starts it. */
export const kernelScript: string = join(root, "dist", "kernel.js");

export type Notice = KernelNotice | MemoryNotice;
type Result = Notice & { type: "result" };
const ownNode: NodeVersion = { name: process.version, binary: process.execPath };
type Inputs = Readonly<Record<string, unknown>>;

/** A kernel process and what it has said. */
export class Kernel {
  readonly process: ChildProcess;
  readonly notices: Notice[] = [];
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output = "";
  #seq = 0;
  #listeners = new Set<() => void>();

  constructor(
    directory: string = root,
    args: readonly string[] = [],
    { node = ownNode, cap }: { readonly node?: NodeVersion; readonly cap?: number } = {},
  ) {
    const flags = [...kernelFlags(cap ?? memoryCap({}), node.name), ...args];
    this.process = spawn(node.binary, [...flags, kernelScript], {
      cwd: directory,
      env: { ...process.env, ...(cap !== undefined && { SIMILE_MEMORY: String(cap) }) },
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    });
    this.ended = new Promise((resolve) => {
      this.process.once("close", (code, signal) => {
        resolve({ code, signal });
        for (const listen of this.#listeners) listen();
      });
    });
    const reader = new FrameReader((frame) => {
      this.notices.push(decode(frame) as Notice);
      for (const listen of this.#listeners) listen();
    });
    this.frames.on("data", (chunk: Uint8Array) => reader.push(chunk));
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    for (const stream of this.process.stdio) stream?.on("error", () => {});
  }

  get frames(): Duplex {
    return this.process.stdio[3] as unknown as Duplex;
  }

  get control(): Writable {
    return this.process.stdio[4] as unknown as Writable;
  }

  send(command: KernelCommand): void {
    this.sendBytes(encode(command));
  }

  sendBytes(frame: Uint8Array): void {
    this.frames.write(lengthPrefix(frame.length));
    this.frames.write(frame);
  }

  cells(cells: (KernelCommand & { type: "cells" })["cells"], directory: string = root): void {
    this.send({ type: "cells", cells, directory });
  }

  /** Asks for cells without waiting; the number of the request. */
  ask(cells: readonly string[], inputs: Inputs = {}, client = "page"): number {
    const seq = ++this.#seq;
    this.send({ type: "request", client, seq, inputs, cells: cells.map((id) => ({ id })) });
    return seq;
  }

  /** Asks for one cell and waits for its answer. */
  async result(cell: string, inputs: Inputs = {}, client = "page"): Promise<Result> {
    const seq = this.ask([cell], inputs, client);
    return this.answer(seq, cell);
  }

  answer(seq: number, cell: string): Promise<Result> {
    return this.find(
      (notice): notice is Result =>
        notice.type === "result" && notice.seq === seq && notice.cell === cell,
    );
  }

  /** The first notice, told already or later, that passes. */
  find<T extends Notice>(passes: (notice: Notice) => notice is T, from?: number): Promise<T>;
  find(passes: (notice: Notice) => boolean, from?: number): Promise<Notice>;
  find(passes: (notice: Notice) => boolean, from = 0): Promise<Notice> {
    return new Promise((resolve, reject) => {
      let next = from;
      const listen = () => {
        for (; next < this.notices.length; next++) {
          const notice = this.notices[next]!;
          if (!passes(notice)) continue;
          this.#listeners.delete(listen);
          resolve(notice);
          return;
        }
        if (this.process.exitCode === null && this.process.signalCode === null) return;
        this.#listeners.delete(listen);
        reject(new Error(`The kernel has ended: ${this.output}`));
      };
      this.#listeners.add(listen);
      listen();
    });
  }

  state(cell: string, state: string, from = 0): Promise<Notice & { type: "run" }> {
    return this.find(
      (notice): notice is Notice & { type: "run" } =>
        notice.type === "run" && notice.cell === cell && notice.state === state,
      from,
    );
  }

  logs(): string {
    return this.notices
      .filter((notice) => notice.type === "log")
      .map(({ text }) => text)
      .join("\n");
  }

  stop(): void {
    this.control.write('{"type":"stop"}\n');
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
  }
}
