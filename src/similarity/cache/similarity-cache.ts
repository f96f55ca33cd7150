import type { Engine } from "../../tensor/index.ts";
import { KeptNetworks } from "./kept-networks.ts";
import { memoryResults } from "./memory-results.ts";
import type { ResultStore } from "./result-store.ts";

/** Where a {@link SimilarityCache} keeps what it knows, and how much. */
export interface CacheOptions {
  /** Where inner products are kept; default in this process's memory, see {@link memoryResults}. */
  readonly results?: ResultStore;
  /** Bytes of networks that stay loaded in their engines between calls; default 256 MiB. */
  readonly memory?: number;
}

/**
 * What series of networks that share members need not do twice, found by content: inner products, and the
 * networks as their engines hold them. A network that changes is another network.
 */
export class SimilarityCache {
  readonly results: ResultStore;
  readonly networks: KeptNetworks;
  /** Hash of the content by what tells the state of a file, for files already read. */
  readonly #hashes = new Map<string, string>();

  /** @throws {RangeError} when the memory is not a number of at least 0 */
  constructor({ results = memoryResults(), memory = 2 ** 28 }: CacheOptions = {}) {
    if (!(memory >= 0)) {
      throw new RangeError(`Cannot keep networks: expected bytes of at least 0, found ${memory}`);
    }
    this.results = results;
    this.networks = new KeptNetworks(memory);
  }

  /** The hash of what had this identity when it was read. */
  hashOf(identity: string): string | undefined {
    return this.#hashes.get(identity);
  }

  /** Remembers the hash of what has this identity now; the oldest are forgotten when there are many. */
  learn(identity: string, hash: string): void {
    this.#hashes.set(identity, hash);
    if (this.#hashes.size <= mostHashes) return;
    for (const oldest of this.#hashes.keys()) {
      this.#hashes.delete(oldest);
      return;
    }
  }

  /** Releases the networks that stay loaded. */
  clear(): void {
    this.networks.clear();
    this.#hashes.clear();
  }
}

const mostHashes = 100_000;

/** Makes the cache of series whose options name none, or says there is to be none. */
export type CacheHere = () => SimilarityCache | undefined;

let here: CacheHere = () => undefined;

/** Gives all series of this process whose options name no cache one, from their next call on. */
export function provideCache(cache: SimilarityCache | CacheHere | undefined): void {
  here = typeof cache === "function" ? cache : () => cache;
}

/** The cache an option asks for: the one named, none for null, else that of this process. */
export function cacheFor(asked: SimilarityCache | null | undefined): SimilarityCache | undefined {
  return asked === undefined ? here() : (asked ?? undefined);
}

const numbersOfEngines = new WeakMap<Engine, number>();
let engines = 0;

/** Tells an engine from every other of this process: what one holds is of no use to another. */
export function numberOf(engine: Engine): number {
  const known = numbersOfEngines.get(engine) ?? engines++;
  numbersOfEngines.set(engine, known);
  return known;
}
