/** Work under way, a few pieces at a time; the first piece that fails fails the whole. */
export class Flight {
  readonly #most: number;
  readonly #under = new Set<Promise<void>>();
  #failure: { readonly reason: unknown } | undefined;

  /** @param most - pieces under way at one time */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether nothing is under way. */
  get idle(): boolean {
    return this.#under.size === 0;
  }

  /**
   * Waits until one more may begin.
   *
   * @throws what the first piece that failed threw
   */
  async room(): Promise<void> {
    while (this.#under.size >= this.#most) await this.next();
    this.#check();
  }

  /** Waits until the next of those under way is over. Throws as {@link room}. */
  async next(): Promise<void> {
    await Promise.race(this.#under);
    this.#check();
  }

  /** Begins a piece; nobody else needs to hear of its failure. */
  begin(piece: Promise<void>): void {
    const own = piece
      .catch((reason: unknown) => {
        this.#failure ??= { reason };
      })
      .finally(() => this.#under.delete(own));
    this.#under.add(own);
  }

  /** Waits until all is over. Throws as {@link room}. */
  async landed(): Promise<void> {
    await this.settled();
    this.#check();
  }

  /** Waits until all is over, one way or the other. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
  }

  #check(): void {
    if (this.#failure) throw this.#failure.reason;
  }
}
