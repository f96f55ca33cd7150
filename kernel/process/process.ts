import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import type { Duplex, Writable } from "node:stream";
import { FrameReader, lengthPrefix } from "../../src/protocol/index.ts";
import { kernelEnvironment } from "./environment.ts";
import { kernelFlags } from "./flags.ts";
import { type LastWords, LastWordsReader } from "./last-words.ts";
import { memoryCap } from "./memory-cap.ts";
import { ProcessOutput } from "./output.ts";

/** What a kernel process has to say, in the order it said it. */
export interface KernelListener {
  frame(frame: Uint8Array): void;
  output(stream: "stdout" | "stderr", text: string): void;
  /**
   * The process is gone; `reason` is a sentence for the person, `cell` the one that ended it when the kernel
   * itself has said so, `place` where in it, as `line:column`. Called once, last.
   */
  ended(reason: string, cell?: string, place?: string): void;
}

/** Requests that a kernel has not read yet; beyond this it is not keeping up and is sent no more. */
const largestBacklog = 64 * 1024 * 1024;

/** Processes that run now, so that none outlives this one. */
const running = new Set<KernelProcess>();
process.on("exit", () => {
  for (const kernel of running) void kernel.kill();
});

/**
 * One kernel: a Node process in a process group of its own, spoken to over inherited pipes and never
 * over a port. fd 3 carries frames both ways (u32 length, little-endian, then the frame); fd 4 carries
 * JSON lines to a thread that can stop the main one.
 */
export class KernelProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #errors = "";
  #isDumping = false;
  #fault: string | undefined;

  /**
   * @param path of the kernel's script
   * @param directory the workbook's folder: paths in cells are relative to it
   */
  constructor(path: string, directory: string, listener: KernelListener) {
    const cap = memoryCap();
    this.#child = spawn(process.execPath, [...kernelFlags(cap), path], {
      cwd: directory,
      detached: process.platform !== "win32",
      windowsHide: true,
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      env: { ...kernelEnvironment(process.env), SIMILE_MEMORY: String(cap) },
    });
    running.add(this);
    const reader = new FrameReader((frame) => listener.frame(frame));
    this.#frames.on("data", (chunk: Uint8Array) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#fault ??= `The kernel broke its protocol: ${(error as Error).message}`;
        void this.kill();
      }
    });
    const said = new LastWordsReader();
    this.#child.stdio[4]!.on("data", (chunk: Uint8Array) => said.push(chunk));
    const stdout = new ProcessOutput((text) => listener.output("stdout", text));
    const stderr = new ProcessOutput((text) => listener.output("stderr", text));
    this.#child.stdout!.on("data", (chunk: Uint8Array) => stdout.push(chunk));
    this.#child.stderr!.on("data", (chunk: Uint8Array) => {
      this.#errors = (this.#errors + Buffer.from(chunk).toString("latin1")).slice(-16_384);
      stderr.push(this.#withoutDump(chunk));
    });
    // A kernel that dies breaks its pipes; its end is told by "close", once.
    for (const stream of this.#child.stdio) stream?.on("error", () => {});
    this.#ended = new Promise((resolve) => {
      const end = (reason: string) => {
        if (!running.delete(this)) return;
        stdout.flush();
        stderr.flush();
        listener.ended(this.#fault ?? reason, said.words.cell, said.words.place);
        resolve();
      };
      this.#child.once("error", (error) =>
        end(`The kernel could not be started: ${error.message}`),
      );
      const endNow = () =>
        end(deathReason(this.#child.exitCode, this.#child.signalCode, this.#errors, said.words));
      this.#child.once("close", endNow);
      this.#child.once("exit", () => {
        this.#killGroup();
        // A process that left the group may hold the pipes open; its last words are not waited for.
        setTimeout(endNow, 200).unref();
      });
    });
  }

  /** What V8 writes at the end of its memory is for its makers; the person is told `deathReason`. */
  #withoutDump(chunk: Uint8Array): Uint8Array {
    if (this.#isDumping) return chunk.subarray(0, 0);
    const start = Buffer.from(chunk).indexOf("<--- Last few GCs --->");
    if (start < 0) return chunk;
    this.#isDumping = true;
    return chunk.subarray(0, start);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get #frames(): Duplex {
    return this.#child.stdio[3] as unknown as Duplex;
  }

  /** Sends a frame; false when the kernel has too much unread already, and the frame was not sent. */
  send(frame: Uint8Array): boolean {
    const pipe = this.#frames;
    if (pipe.writableLength > largestBacklog) return false;
    if (!pipe.destroyed) {
      pipe.cork();
      pipe.write(lengthPrefix(frame.length));
      pipe.write(frame);
      pipe.uncork();
    }
    return true;
  }

  /** Calls back once all that was sent has been read. */
  drained(then: () => void): void {
    this.#frames.once("drain", then);
  }

  /** Asks the kernel's helper thread to stop what runs; works while the main thread is in a loop. */
  stop(): void {
    const control = this.#child.stdio[4] as unknown as Writable;
    if (!control.destroyed) control.write(`${JSON.stringify({ type: "stop" })}\n`);
  }

  /** Ends the process and everything it started, at once. Resolves when it is gone. */
  kill(): Promise<void> {
    this.#killGroup();
    this.#child.kill("SIGKILL");
    return this.#ended;
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (process.platform === "win32") {
      spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { windowsHide: true });
      return;
    }
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // Nobody of the group is left.
    }
  }
}

/** Signals by which a system ends a program that did what it must not. */
const crashes: ReadonlySet<NodeJS.Signals> = new Set([
  "SIGSEGV",
  "SIGABRT",
  "SIGBUS",
  "SIGILL",
  "SIGFPE",
] as const);

/** What became of a process, as a sentence. */
export function deathReason(
  code: number | null,
  signal: NodeJS.Signals | null,
  errors: string,
  { reason, held }: LastWords = {},
): string {
  const variables = held ? `. Its largest variables were ${held}` : "";
  if (reason !== undefined) return reason + (code === null ? variables : "");
  if (/heap out of memory|Array buffer allocation failed/.test(errors)) {
    return `The kernel ran out of memory${variables}`;
  }
  if (signal === "SIGKILL") {
    return `The kernel was killed (SIGKILL): by someone, or by a system short of memory${variables}`;
  }
  if (signal && crashes.has(signal)) return `The kernel crashed in native code (${signal})`;
  if (signal) return `The kernel was ended by ${signal}`;
  return `The kernel ended by itself with exit code ${code}`;
}
