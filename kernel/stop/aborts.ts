/** The reasons for which runs were ended, to be told from errors of their own. */
export class Aborts {
  readonly #reasons = new WeakSet<Error>();

  add(reason: Error): void {
    this.#reasons.add(reason);
  }

  /** Whether it is the end of a run as its signal told it, passed on where nobody waited for it. */
  has(error: unknown): boolean {
    const { cause } = (error ?? {}) as { cause?: unknown };
    return [error, cause].some((part) => part instanceof Error && this.#reasons.has(part));
  }
}
