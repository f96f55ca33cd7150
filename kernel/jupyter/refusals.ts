/** Different sentences that are told; a client that never says the same thing twice must not fill a log. */
const mostTold = 100;

/** Says what is refused, each sentence once, however often it comes; how often, at the end. */
export class Refusals {
  readonly #log: (sentence: string) => void;
  readonly #counts = new Map<string, number>();

  constructor(log: (sentence: string) => void) {
    this.#log = log;
  }

  refuse(sentence: string): void {
    const known = this.#counts.has(sentence) || this.#counts.size < mostTold;
    const kind = known ? sentence : "Cannot take messages for more reasons than are told";
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count === 1) this.#log(kind);
  }

  /** Says how often what was told once has come. */
  close(): void {
    for (const [sentence, count] of this.#counts) {
      if (count > 1) this.#log(`${sentence} (${count} times)`);
    }
    this.#counts.clear();
  }
}
