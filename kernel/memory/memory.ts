import type { MemoryNotice } from "../../src/protocol/index.ts";

/** Milliseconds between two reports. */
const reportInterval = 2_000;
/** Bytes by which it must have changed to be worth telling. */
const change = 4 * 1024 * 1024;
/** Bytes that a program can fill in a millisecond. */
const fastest = 4e6;
const shortestPause = 20;
const longestPause = 500;
/** Growth, since it was last found full, after which it is looked into anew. */
const growth = 1.02;

/** What is done about what a `MemoryWatch` sees. */
export interface MemoryWatcher {
  tell(notice: MemoryNotice): void;
  /** The cap is reached: what is not needed is to go, and what runs to end. `full` ends when that is done. */
  full(): void;
  /** Neither has helped, and memory grows still. */
  end(reason: string): void;
}

/**
 * Watches the resident size of the process from a thread that is never busy, the more often the nearer it
 * comes to the cap.
 */
export class MemoryWatch {
  readonly #cap: number;
  readonly #watcher: MemoryWatcher;
  readonly #resident: () => number;
  #told = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  /** Size from which on the cap counts as reached. */
  #threshold: number;

  /** @param cap bytes */
  constructor(
    cap: number,
    watcher: MemoryWatcher,
    resident: () => number = process.memoryUsage.rss,
  ) {
    this.#cap = cap;
    this.#watcher = watcher;
    this.#resident = resident;
    this.#threshold = cap;
  }

  start(): void {
    setTimeout(() => this.start(), this.look(performance.now()));
  }

  /** Looks once. @returns milliseconds after which to look again */
  look(now: number): number {
    const bytes = this.#resident();
    this.#report(bytes, now);
    const hardest = hardestCap(this.#cap);
    if (bytes >= hardest) {
      const found = `expected at most ${sizeText(this.#cap)}, found ${sizeText(bytes)}`;
      this.#watcher.end(`It ran out of memory: ${found}`);
    } else if (bytes < this.#cap) this.#threshold = this.#cap;
    else if (bytes >= this.#threshold && !this.#isAsking) {
      this.#isAsking = true;
      this.#watcher.full();
    }
    const left = (this.#cap - bytes) / fastest;
    return Math.min(longestPause, Math.max(shortestPause, left));
  }

  /** What could be done at the cap has been done. */
  handled(): void {
    this.#isAsking = false;
    this.#threshold = Math.max(this.#cap, growth * this.#resident());
  }

  #report(bytes: number, now: number): void {
    if (Math.abs(bytes - this.#told) < change || now - this.#toldAt < reportInterval) return;
    this.#told = bytes;
    this.#toldAt = now;
    this.#watcher.tell({
      type: "memory",
      bytes,
      ...(Number.isFinite(this.#cap) && { cap: this.#cap }),
    });
  }
}

/** Bytes at which the process is ended when it could not be brought under the cap. */
export function hardestCap(cap: number): number {
  return cap + Math.max(cap / 8, 256e6);
}

/** Bytes as a person reads them: `1.5 GB`. */
export function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${Math.round(bytes / 1e6)} MB`;
  return bytes >= 1e3 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} bytes`;
}
