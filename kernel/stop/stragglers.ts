import { codeOrigin } from "../code-name.ts";

/** Milliseconds for which a run that was given up is looked for, should it keep the thread busy. */
const patience = 5_000;

/**
 * Runs whose evaluation has not come to an end. Those among them that the scheduler has given up can
 * still wake up, from a timer for example, and keep the thread from the others.
 */
export class Stragglers {
  readonly #unsettled = new Set<number>();
  #huntedUntil = 0;

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
    return this.#unsettled.size > 0 && now < this.#huntedUntil;
  }

  /**
   * Whether what keeps the thread busy is a run that was given up; it is then forgotten, to be torn off.
   *
   * @param stack file names, innermost first
   * @param running the run in flight
   */
  hits(stack: readonly string[], running: number | undefined): boolean {
    for (const file of stack) {
      const run = codeOrigin(file)?.run;
      if (run !== undefined && run !== running && this.#unsettled.delete(run)) return true;
    }
    return false;
  }
}
