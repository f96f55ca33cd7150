import type { Held } from "../sweep/pairing.ts";

/** Networks that stay loaded after the call that loaded them, those unused longest released first. */
export class KeptNetworks {
  readonly #limit: number;
  /** In the order in which they were given back. */
  readonly #kept = new Map<string, Held[]>();
  #bytes = 0;

  /** @param limit - bytes they may take in their engines */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes they take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Hands a network out, to be given back or released by whoever takes it. */
  take(key: string): Held | undefined {
    const alike = this.#kept.get(key);
    const one = alike?.pop();
    if (alike?.length === 0) this.#kept.delete(key);
    if (one) this.#bytes -= one.bytes;
    return one;
  }

  give(key: string, one: Held): void {
    const alike = this.#kept.get(key) ?? [];
    this.#kept.delete(key);
    this.#kept.set(key, [...alike, one]);
    this.#bytes += one.bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.take(oldest)?.release();
    }
  }

  /** Releases all of them. */
  clear(): void {
    for (const key of [...this.#kept.keys()]) {
      for (let one = this.take(key); one; one = this.take(key)) one.release();
    }
  }
}
