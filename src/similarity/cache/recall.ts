import type { ChainRow } from "../../tensor/index.ts";
import type { NamedNetwork, Sequence } from "../series.ts";
import type { Held, Pairing } from "../sweep/pairing.ts";
import { contentKey } from "./content-key.ts";
import type { PairProducts } from "./result-store.ts";
import type { SimilarityCache } from "./similarity-cache.ts";

/** Outputs of a pair up to which each is kept; of a larger one, none. */
const mostOutputs = 2 ** 14;

/** What a cache knows of the networks of one series under one comparison, and is told of them. */
export class Recall {
  readonly cache: SimilarityCache;
  readonly #sequence: Sequence;
  readonly #hashes: (string | undefined)[];
  #comparison = "";
  /** Rows of which nothing is kept. */
  readonly #empty = new Set<number>();
  readonly #writes = new Set<Promise<void>>();
  #damaged = 0;
  #refused: string | undefined;

  constructor(cache: SimilarityCache, sequence: Sequence) {
    this.cache = cache;
    this.#sequence = sequence;
    this.#hashes = Array(sequence.length).fill(undefined);
  }

  /** The same networks; the content of each is hashed when it is read. */
  get sequence(): Sequence {
    const sequence = this.#sequence;
    return {
      ...sequence,
      at: async (index) => {
        const found = await sequence.at(index);
        if (this.#hashes[index] === undefined) await this.#learn(index, found);
        return found;
      },
    };
  }

  /** A pairing of these networks that takes those still loaded, and leaves them so. */
  keeping<T extends Held>(pairing: Pairing<T>, comparison: string, engine: number): Pairing<T> {
    this.#comparison = comparison;
    const { networks } = this.cache;
    const load = async (index: number): Promise<T> => {
      const known = await this.hash(index);
      const key = (hash: string | undefined) => `${engine} ${comparison} ${hash}`;
      const kept = known === undefined ? undefined : networks.take(key(known));
      const own = (kept as T | undefined) ?? (await pairing.load(index));
      const hash = this.#hashes[index];
      const release = () => {
        if (hash === undefined) own.release();
        else networks.give(key(hash), own);
      };
      return { ...own, release };
    };
    return { ...pairing, load };
  }

  /** The hash of a network, if it can be told without reading a file. */
  async hash(index: number): Promise<string | undefined> {
    const known = this.#hashes[index];
    if (known !== undefined) return known;
    const identity = this.#sequence.identity?.(index);
    if (identity !== undefined) {
      this.#hashes[index] = this.cache.hashOf(identity);
    } else if (this.#sequence.isAtHand) {
      await this.#learn(index, await this.#sequence.at(index));
    }
    return this.#hashes[index];
  }

  /** The pairs of a row that are kept, by column: of the columns whose contents are known by now. */
  async read(row: number): Promise<ReadonlyMap<number, PairProducts>> {
    const first = this.#hashes[row];
    const found = new Map<number, PairProducts>();
    if (first === undefined || this.#empty.has(row)) return found;
    const { products, damaged } = await this.cache.results.read(this.#comparison, first);
    this.#damaged += damaged;
    if (products.size === 0) this.#empty.add(row);
    for (let column = 0; column <= row && products.size > 0; column++) {
      const second = this.#hashes[column];
      if (second === undefined || this.#isTwin(row, column)) continue;
      const one = products.get(second);
      if (one) found.set(column, one);
    }
    return found;
  }

  /** Keeps what was computed; returns at once. */
  write(
    row: number,
    columns: readonly number[],
    { slices, exponents }: ChainRow,
    rounding: number,
  ): void {
    const first = this.#hashes[row];
    const outputs = slices.length / exponents.length;
    if (first === undefined || outputs > mostOutputs || this.#refused !== undefined) return;
    const products = columns.flatMap((column, k): PairProducts[] => {
      const second = this.#hashes[column];
      if (second === undefined || this.#isTwin(row, column)) return [];
      // A copy: the row's memory goes.
      const own = slices.slice(k * outputs, (k + 1) * outputs);
      return [{ second, slices: own, exponent: exponents[k]!, rounding }];
    });
    if (products.length === 0) return;
    const write = this.cache.results
      .append(this.#comparison, first, products)
      .catch((error: unknown) => {
        this.#refused ??= error instanceof Error ? error.message : String(error);
      })
      .finally(() => this.#writes.delete(write));
    this.#writes.add(write);
  }

  /** Waits until all but `left` of what is to be kept is kept, or could not be. */
  async written(left = 0): Promise<void> {
    while (this.#writes.size > left) await Promise.race(this.#writes);
  }

  /** What a person should know of this series' results. */
  get notes(): readonly string[] {
    const notes: string[] = [];
    if (this.#damaged > 0) {
      const were = this.#damaged === 1 ? "1 kept result was" : `${this.#damaged} kept results were`;
      notes.push(`${were} found damaged and computed again`);
    }
    if (this.#refused !== undefined) notes.push(this.#refused);
    return notes;
  }

  /**
   * Two networks of one content: some ways to compute take a shortcut for a network with itself, whose
   * last digits then differ from those of a network with its twin.
   */
  #isTwin(row: number, column: number): boolean {
    return row !== column && this.#hashes[row] === this.#hashes[column];
  }

  async #learn(index: number, { network }: NamedNetwork): Promise<void> {
    const hash = await contentKey(network);
    this.#hashes[index] = hash;
    const identity = this.#sequence.identity?.(index);
    if (identity !== undefined && hash !== undefined) this.cache.learn(identity, hash);
  }
}
