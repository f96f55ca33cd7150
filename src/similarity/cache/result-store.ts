/** The inner products of two networks, of each output, as they came out of an engine. */
export interface PairProducts {
  /** Hash of the content of the second network. */
  readonly second: string;
  /** [outputs]: each times 2^exponent. */
  readonly slices: Float64Array;
  readonly exponent: number;
  /** Base-2 logarithm of the norm up to which the first network is 0 as far as rounding can tell. */
  readonly rounding: number;
}

/** What is kept of one network under one comparison. */
export interface KeptProducts {
  /** By the hash of the second network. */
  readonly products: ReadonlyMap<string, PairProducts>;
  /** Records that were found damaged, and are as good as not there. */
  readonly damaged: number;
}

/**
 * Remembers inner products. A pair is found by what it was made from: the key of the comparison (the
 * algorithm's version and every parameter that a bit can depend on) and the hashes of the contents of
 * both networks, the first and the second told apart. What is found is as it was put in, or is not found.
 */
export interface ResultStore {
  /** Everything kept of pairs whose first network is `first`. Never rejects for what is damaged or missing. */
  read(comparison: string, first: string): Promise<KeptProducts>;
  /**
   * Keeps more pairs of `first`.
   *
   * @throws when they cannot be kept, saying why
   */
  append(comparison: string, first: string, products: readonly PairProducts[]): Promise<void>;
}
