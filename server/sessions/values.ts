/** Bytes kept for fetching in one session; beyond this the oldest values go first. */
const largestTotal = 1024 * 1024 * 1024;

interface Kept {
  readonly frame: Uint8Array;
  /** Pages whose newest value of this cell this is. */
  readonly holders: Set<string>;
}

/**
 * Results too large for the socket, kept until each page they were made for has a newer one of the same
 * cell, or is gone. At most one value per cell and page.
 */
export class KeptValues {
  readonly #kept = new Map<string, Kept>();
  readonly #newest = new Map<string, string>();
  #total = 0;

  keep(client: string, cell: string, result: string, frame: Uint8Array): void {
    this.supersede(client, cell);
    const key = keyOf(cell, result);
    let kept = this.#kept.get(key);
    if (!kept) {
      kept = { frame, holders: new Set() };
      this.#kept.set(key, kept);
      this.#total += frame.length;
    }
    kept.holders.add(client);
    this.#newest.set(keyOf(client, cell), key);
    for (const [oldest] of this.#kept) {
      if (this.#total <= largestTotal || oldest === key) break;
      this.#drop(oldest);
    }
  }

  get(cell: string, result: string): Uint8Array | undefined {
    return this.#kept.get(keyOf(cell, result))?.frame;
  }

  /** The page has a newer value of the cell, or wants none. */
  supersede(client: string, cell: string): void {
    const holder = keyOf(client, cell);
    const key = this.#newest.get(holder);
    if (key === undefined) return;
    this.#newest.delete(holder);
    const holders = this.#kept.get(key)?.holders;
    holders?.delete(client);
    if (holders?.size === 0) this.#drop(key);
  }

  /** The page is gone. */
  forget(client: string): void {
    for (const holder of [...this.#newest.keys()]) {
      const [page, cell] = JSON.parse(holder) as [string, string];
      if (page === client) this.supersede(page, cell);
    }
  }

  clear(): void {
    this.#kept.clear();
    this.#newest.clear();
    this.#total = 0;
  }

  #drop(key: string): void {
    this.#total -= this.#kept.get(key)?.frame.length ?? 0;
    this.#kept.delete(key);
  }
}

function keyOf(first: string, second: string): string {
  return JSON.stringify([first, second]);
}
