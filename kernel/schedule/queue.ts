import { type Stage, tellRun } from "./stage.ts";

/** The cells that wait for their turn, as they were told. */
export class Queue {
  readonly #stage: Stage;
  #told: ReadonlySet<string> = new Set();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /**
   * Tells what has changed: cells that wait from now on, with the inputs that changed, and cells that
   * wait no longer. The running cell is neither.
   */
  update(
    waiting: ReadonlyMap<string, readonly string[] | undefined>,
    running: string | undefined,
  ): void {
    for (const cell of this.#told) {
      if (!waiting.has(cell) && cell !== running) tellRun(this.#stage, cell, "stale");
    }
    for (const [cell, why] of waiting) {
      if (cell !== running && !this.#told.has(cell)) {
        tellRun(this.#stage, cell, "queued", { why });
      }
    }
    this.#told = new Set([...waiting.keys()].filter((cell) => cell !== running));
  }
}
