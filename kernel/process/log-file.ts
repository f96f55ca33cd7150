import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

export interface LogLimits {
  /** Bytes of one log. */
  readonly file: number;
  /** Bytes of all of them; the oldest go first. */
  readonly folder: number;
  /** Milliseconds for which one is kept. */
  readonly age: number;
}

const day = 86_400_000;
const limits: LogLimits = { file: 256 * 2 ** 20, folder: 2 ** 30, age: 14 * day };

let made = 0;

/**
 * A file for output that is too much to be shown. Writing never throws: a full disk is a sentence under
 * `failure`, and what ran goes on.
 */
export class LogFile {
  readonly path: string;
  readonly #limit: number;
  #fd: number | undefined;
  #bytes = 0;
  #failure: string | undefined;

  /**
   * @param folder made when it is not there; old logs in it are removed
   * @param subject a word of the file's name, e.g. the cell
   */
  constructor(folder: string, subject: string, { file, folder: most, age }: LogLimits = limits) {
    const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
    const word = subject.replaceAll(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40);
    this.path = join(folder, `${time}-${process.pid}-${++made}-${word}.log`);
    this.#limit = file;
    this.#attempt(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      removeOld(folder, most, age);
      this.#fd = openSync(this.path, "ax", 0o600);
    });
  }

  /** Why nothing more is written, as a sentence's end; undefined while all is well. */
  get failure(): string | undefined {
    return this.#failure;
  }

  write(text: string): void {
    if (this.#failure !== undefined) return;
    this.#attempt(() => {
      this.#fd ??= openSync(this.path, "a", 0o600);
      const bytes = Buffer.from(text);
      const room = bytes.subarray(0, this.#limit - this.#bytes);
      for (let at = 0; at < room.length; ) {
        const written = writeSync(this.#fd, room, at);
        at += written;
        this.#bytes += written;
      }
      if (room.length === bytes.length) return;
      this.#failure = `it has reached ${this.#limit.toLocaleString("en")} bytes`;
      this.close();
    });
  }

  /** Lets go of the file; what is written later opens it again. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failure = (error as Error).message;
    }
  }
}

/** Removes logs that are too old, then the oldest until all are small enough together. */
function removeOld(folder: string, most: number, age: number): void {
  const logs = readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .flatMap((name) => {
      const path = join(folder, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() ? [{ path, bytes: stat.size, time: stat.mtimeMs }] : [];
    })
    .sort((a, b) => b.time - a.time);
  let bytes = 0;
  for (const log of logs) {
    bytes += log.bytes;
    if (bytes > most || Date.now() - log.time > age) rmSync(log.path, { force: true });
  }
}
