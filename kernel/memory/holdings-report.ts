import { holdingsText, largest } from "./holdings.ts";

/** The change in bytes that is worth a look at what variables hold. */
const worthReporting = 16e6;

/** Tells which variables are the largest, should the process come to an end that leaves no time to say so. */
export class HoldingsReport {
  readonly #tell: (held: string) => void;
  #reported: number = process.memoryUsage.rss();

  constructor(tell: (held: string) => void) {
    this.#tell = tell;
  }

  /** @param variables all names that hold something */
  look(variables: Iterable<readonly [name: string, value: unknown]>): void {
    const bytes = process.memoryUsage.rss();
    if (Math.abs(bytes - this.#reported) < worthReporting) return;
    this.#reported = bytes;
    this.#tell(holdingsText(largest(variables, bytes)));
  }
}
