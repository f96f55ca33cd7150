/** Questions to the person, answered in the order in which they were asked. */
export class Questions {
  readonly #waiting: { resolve(text: string): void; reject(error: Error): void }[] = [];

  /**
   * Waits for an answer.
   *
   * @throws {Error} (rejects) when nobody can be asked
   * @throws the signal's reason after it aborts
   */
  ask(signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const question = { resolve, reject };
      this.#waiting.push(question);
      const giveUp = () => {
        const at = this.#waiting.indexOf(question);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  /** @param text null when nobody can be asked */
  answer(text: string | null): void {
    const question = this.#waiting.shift();
    if (text !== null) question?.resolve(text);
    else question?.reject(new Error("Cannot ask: this client does not answer questions"));
  }
}
