interface Holding<Content> {
  readonly engine: string;
  /** The engine instance that holds it. */
  readonly owner: object;
  readonly content: Content;
  /** Gives the memory back; called once, when it is released and nothing uses it. */
  readonly free?: (() => void) | undefined;
}

/** What an engine keeps until it is released and no longer in use. */
export class Lease<Content> {
  readonly #holding: Holding<Content>;
  #uses = 0;
  #released = false;

  constructor(holding: Holding<Content>) {
    this.#holding = holding;
  }

  get engine(): string {
    return this.#holding.engine;
  }

  get content(): Content {
    return this.#holding.content;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    if (this.#uses === 0) this.#holding.free?.();
  }

  /** A computation begins to use it. */
  enter(): void {
    this.#uses++;
  }

  /** A computation is done with it. */
  leave(): void {
    this.#uses--;
    if (this.#uses === 0 && this.#released) this.#holding.free?.();
  }

  protected isOf(owner: object): boolean {
    return this.#holding.owner === owner;
  }

  protected get isReleased(): boolean {
    return this.#released;
  }
}
