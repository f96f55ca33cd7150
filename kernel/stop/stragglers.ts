/** Milliseconds for which a run that was given up is looked for, should it keep the thread busy. */
const patience = 5_000;
/** Milliseconds within which what torn off code has left to be done, a timer or a promise's reaction, is it too. */
const aftermath = 1_000;

/**
 * Runs whose evaluation has not come to an end. Those among them that the scheduler has given up can
 * still wake up, from a timer for example, and keep the thread from the others.
 */
export class Stragglers {
  readonly #unsettled = new Set<number>();
  #huntedUntil = 0;
  /** Until when what each run has left is torn off. */
  readonly #torn = new Map<number, number>();

  began(run: number): void {
    this.#unsettled.add(run);
  }

  settled(run: number): void {
    this.#unsettled.delete(run);
  }

  /**
   * A run was ended: if it goes on all the same, it is looked for, a while.
   *
   * @returns milliseconds after which it is not any more, undefined when nothing goes on
   */
  hunt(now: number): number | undefined {
    if (this.#unsettled.size === 0) return undefined;
    this.#huntedUntil = now + patience;
    return patience;
  }

  isHunting(now: number): boolean {
    return (
      (this.#unsettled.size > 0 && now < this.#huntedUntil) || this.aftermath(now) !== undefined
    );
  }

  /**
   * Code of these runs is torn off: what it left to be done goes the same way, for a moment that is not
   * prolonged by that. Runs that nobody gave up are none the worse for it later.
   */
  torn(runs: ReadonlySet<number>, now: number): void {
    for (const [run, until] of this.#torn) if (until <= now) this.#torn.delete(run);
    for (const run of runs) if (!this.#torn.has(run)) this.#torn.set(run, now + aftermath);
  }

  /** Milliseconds for which what torn off code left is still looked for; undefined when it is not. */
  aftermath(now: number): number | undefined {
    const until = Math.max(0, ...this.#torn.values());
    return now < until ? until - now : undefined;
  }

  /** Something new was asked of the runs: what they do now is wanted. */
  wanted(): void {
    this.#torn.clear();
  }

  /**
   * Whether what keeps the thread busy is a run that was given up, which is then forgotten, or what one
   * that was torn off has left: to be torn off.
   *
   * @param runs whose code stands on the stack
   * @param running the run in flight
   */
  hits(runs: ReadonlySet<number>, running: number | undefined, now: number): boolean {
    for (const run of runs) {
      if (run === running) continue;
      if (this.#unsettled.delete(run) || now < (this.#torn.get(run) ?? 0)) return true;
    }
    return false;
  }
}
