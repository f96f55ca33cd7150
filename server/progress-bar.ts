/** Where a progress bar is drawn: standard error, or anything that takes text. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Seconds between two lines when the output is no terminal, e.g. a log. */
const interval = 10;

/**
 * Shows how far a long command is: on a terminal one line that updates in place, elsewhere a line now
 * and then, so that a log stays short.
 */
export class ProgressBar {
  readonly #output: ProgressOutput;
  readonly #total: number;
  readonly #now: () => number;
  readonly #started: number;
  #written: number;
  #drawn = false;

  /**
   * @param total steps there are to do, at least 1
   * @param now seconds, for the time left
   */
  constructor(
    output: ProgressOutput,
    total: number,
    now: () => number = () => performance.now() / 1000,
  ) {
    this.#output = output;
    this.#total = total;
    this.#now = now;
    this.#started = now();
    this.#written = this.#started;
  }

  /** @param note what else to say, e.g. `loss 0.12` */
  update(done: number, note: string): void {
    const now = this.#now();
    const left = ((now - this.#started) / Math.max(done, 1)) * (this.#total - done);
    const count = `${thousands(done)} of ${thousands(this.#total)}`;
    const rest = `${note} · ${duration(left)} left`;
    if (this.#output.isTTY) {
      const width = Math.max(20, (this.#output.columns ?? 80) - 1);
      const room = Math.min(30, width - count.length - rest.length - 6);
      const line =
        room >= 8 ? `${bar(done / this.#total, room)}  ${count}  ${rest}` : `${count}  ${rest}`;
      // Back to the first column, the line, and away with what a longer one left behind.
      this.#output.write(`\r${line.slice(0, width)}\x1b[K`);
      this.#drawn = true;
    } else if (now - this.#written >= interval) {
      this.#output.write(`${count}  ${rest}\n`);
      this.#written = now;
    }
  }

  /** Removes the line, so that what is said next stands alone. */
  clear(): void {
    if (this.#drawn) this.#output.write("\r\x1b[K");
    this.#drawn = false;
  }
}

function bar(fraction: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

function thousands(count: number): string {
  return count.toLocaleString("en-GB");
}

/** Seconds as a person says them: `8 s`, `1 min 40 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
