import { type Land, openLanding } from "./landing.ts";

/** When interrupts may land on the main thread, and what the last one that did has come to. */
export class Interrupts {
  /** Above 0 while our own state is being changed: no interrupt may land then. */
  #critical = 0;
  #isLanding = false;
  /**
   * Files of the code that a landing has ended, until that has taken effect. The interrupter's word of it can
   * be lost with what it ended.
   */
  #tornOff: readonly string[] | undefined;
  /** Set when the person wants the end of what keeps the thread although no run is in flight: a handler, a timer. */
  #isUnwanted = false;

  /** Whether this is called inside an interrupt, on top of another's code. */
  get isLanding(): boolean {
    return this.#isLanding;
  }

  /** Changes our own state. */
  guarded(action: () => void): void {
    this.#critical++;
    try {
      action();
    } finally {
      this.#critical--;
    }
  }

  /** What the interrupt has found, if this is called inside one, is to be torn off. */
  tearOff(): void {
    if (this.#isLanding) this.#isUnwanted = true;
  }

  /** What was torn off since this was asked last; outside of an interrupt, where that has taken effect. */
  takeTornOff(): readonly string[] | undefined {
    if (this.#isLanding) return undefined;
    const files = this.#tornOff;
    this.#tornOff = undefined;
    return files;
  }

  /**
   * @param land decides about what an interrupt finds
   * @param tearing is told of what is about to be torn off, on top of it
   */
  open(land: Land, tearing: (stack: readonly string[]) => void): void {
    openLanding(
      () => this.#critical > 0,
      (stack) => {
        this.#isLanding = true;
        try {
          const found = land(stack);
          const verdict = this.#isUnwanted ? "terminate" : found;
          this.#isUnwanted = false;
          if (verdict === "terminate") {
            this.#tornOff = stack;
            tearing(stack);
          }
          return verdict;
        } finally {
          this.#isLanding = false;
        }
      },
    );
  }
}
