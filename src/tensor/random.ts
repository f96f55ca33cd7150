import { logarithm } from "./logarithm.ts";

/**
 * A seeded stream of random numbers: xoshiro128** (Blackman and Vigna 2018), its state filled by
 * splitmix32 from the seed. Uses integer and IEEE arithmetic only, no transcendental function of the
 * runtime, so one seed gives the same bits on every machine. Not for secrets.
 */
export class Random {
  readonly #state = new Uint32Array(4);
  #spare: number | undefined;

  /**
   * @param seed a whole number, 0 ≤ seed < 2⁵³
   * @throws {RangeError} when it is not one
   */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(
        `Cannot seed a random stream: expected a whole number from 0 to 2^53 - 1, found ${seed}`,
      );
    }
    // The high word is mixed in first, so seeds that differ only there differ too.
    let word = splitmix(Math.floor(seed / 2 ** 32)) ^ (seed >>> 0);
    for (let i = 0; i < 4; i++) {
      word = (word + 0x9e3779b9) | 0;
      this.#state[i] = splitmix(word);
    }
  }

  /** The next 32 bits, 0 ≤ value < 2³². */
  bits(): number {
    const s = this.#state;
    const five = Math.imul(s[1]!, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const shifted = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= shifted;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Uniform on [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number {
    const high = this.bits() >>> 5;
    return (high * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53;
  }

  /**
   * A whole number, each of 0 … count − 1 equally likely (by rejection, without bias).
   *
   * @throws {RangeError} when count is not a whole number from 1 to 2³²
   */
  integer(count: number): number {
    if (!Number.isInteger(count) || count < 1 || count > 2 ** 32) {
      throw new RangeError(
        `Cannot draw a whole number below ${count}: expected a count from 1 to 2^32, found ${count}`,
      );
    }
    const fair = 2 ** 32 - (2 ** 32 % count);
    let value = this.bits();
    while (value >= fair) value = this.bits();
    return value % count;
  }

  /** Standard normal, mean 0 and variance 1, by Marsaglia's polar method. */
  normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    let x = 0;
    let y = 0;
    let square = 0;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * logarithm(square)) / square);
    this.#spare = y * scale;
    return x * scale;
  }

  /** Puts the entries in a random order, in place (Fisher–Yates; all orders equally likely). */
  shuffle(entries: { readonly length: number; [index: number]: unknown }): void {
    for (let i = entries.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const entry = entries[i];
      entries[i] = entries[j];
      entries[j] = entry;
    }
  }
}

/** The finaliser of splitmix32: spreads every bit of the word over all 32. */
function splitmix(word: number): number {
  let mixed = word | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
