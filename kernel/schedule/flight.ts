import type { CellError } from "../../src/protocol/index.ts";
import type { Ending, Run } from "./run.ts";
import type { Stage } from "./stage.ts";

/** What to do about the code that an interrupt found running. */
export type Verdict = "go on" | "terminate" | { readonly again: number };

/** Runs expected to take less than this are let finish although nobody waits for them any more. */
const shortRun = 250;
/** Time a run has to end by itself after its signal aborted. */
const grace = 100;
/** Time the thread has to come back to its event loop, so that a signal can be seen at all. */
const yieldTime = 15;

const whyEnded: Readonly<Record<Ending["as"], string>> = {
  stale: "its inputs have changed",
  stopped: "the person stopped it",
  failed: "the kernel's memory is full",
};

/** A run in flight, and how it is brought down before it is done. Times are in milliseconds. */
export class Flight {
  readonly run: Run;
  readonly #stage: Stage;
  readonly #expected: number;
  readonly #giveUp: () => void;
  #cancelTimer: (() => void) | undefined;

  /**
   * @param expected how long it is expected to take
   * @param giveUp called when the run was asked to end and did not
   */
  constructor(run: Run, stage: Stage, expected: number, giveUp: () => void) {
    this.run = run;
    this.#stage = stage;
    this.#expected = expected;
    this.#giveUp = giveUp;
  }

  /**
   * Ends the run when nobody wants it any more, unless it is about to be done.
   *
   * @returns the time after which to look again, when it is let go on
   */
  review(isWanted: () => boolean): number | undefined {
    if (this.run.ending || isWanted()) return undefined;
    const left = this.run.began + 2 * this.#expected + 50 - this.#stage.now();
    if (this.#expected >= shortRun || left <= 0) {
      this.halt("stale");
      return undefined;
    }
    this.#after(left, () => this.review(isWanted));
    return left;
  }

  /**
   * Asks the run to end.
   *
   * @param error what its cell is answered with
   */
  halt(as: Ending["as"], error?: CellError): void {
    const why = { as, ...(error && { error }) };
    if (this.run.ending) {
      if (as !== "stale") this.run.ending = { ...this.run.ending, ...why };
      return;
    }
    this.run.ending = { ...why, since: this.#stage.now() };
    this.#after(grace, this.#giveUp);
    this.#stage.watch(true);
    this.#abort();
  }

  /** Judges from inside an interrupt: the thread is busy and does not come back by itself. */
  judge(isWanted: () => boolean): Verdict {
    const again = this.review(isWanted);
    const { ending } = this.run;
    if (!ending) return again === undefined ? "go on" : { again };
    const left = ending.since + yieldTime - this.#stage.now();
    return left > 0 ? { again: left } : "terminate";
  }

  /** The run is over, one way or the other. */
  close(): void {
    this.#cancelTimer?.();
    if (!this.run.ending) return;
    this.#stage.watch(false);
    this.#abort();
  }

  #after(milliseconds: number, action: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#stage.later(milliseconds, action);
  }

  #abort(): void {
    const reason = new DOMException(
      `The run was ended: ${whyEnded[this.run.ending!.as]}`,
      "AbortError",
    );
    this.#stage.abort(this.run.controller, reason);
  }
}
