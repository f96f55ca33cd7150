/** A turn of the event loop: timers, messages and abort signals get through. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/**
 * To be awaited between pieces of a long computation on this thread: gives the event loop a turn every
 * few milliseconds and rejects with the signal's reason once it has aborted.
 */
export class Pause {
  readonly #signal: AbortSignal | undefined;
  #since: number = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  async here(): Promise<void> {
    if (performance.now() - this.#since > 15) {
      await turn();
      this.#since = performance.now();
    }
    this.#signal?.throwIfAborted();
  }
}
