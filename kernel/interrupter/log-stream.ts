import type { KernelNotice } from "../../src/protocol/index.ts";

export type Log = KernelNotice & { readonly type: "log" };

/** Milliseconds of a window. */
const window = 8;
/** Lines passed on at once in a window; more are gathered. */
const mostAtOnce = 50;
/** Characters gathered before they are passed on. */
const mostGathered = 8_192;

/**
 * Passes lines on at once, so that they are seen although a computation follows; a loop that prints is
 * gathered into fewer, larger texts.
 */
export class LogStream {
  readonly #pass: (log: Log) => void;
  readonly #now: () => number;
  #gathered: Log | undefined;
  #windowEnd = 0;
  #passed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(pass: (log: Log) => void, now: () => number = () => performance.now()) {
    this.#pass = pass;
    this.#now = now;
  }

  push(log: Log): void {
    const time = this.#now();
    if (time >= this.#windowEnd) {
      this.#windowEnd = time + window;
      this.#passed = 0;
    }
    const last = this.#gathered;
    if (last && last.cell === log.cell && last.level === log.level) {
      this.#gathered = { ...log, text: `${last.text}${last.partial ? "" : "\n"}${log.text}` };
    } else {
      this.flush();
      this.#gathered = log;
    }
    if (this.#passed++ < mostAtOnce || this.#gathered!.text.length > mostGathered) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), window);
  }

  /** Passes on what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const log = this.#gathered;
    this.#gathered = undefined;
    if (log) this.#pass(log);
  }
}
