import type { Flight } from "./flight.ts";
import type { Held, Pairing } from "./pairing.ts";

/** Networks that may pass by those that stay at one time, where memory has room for many. */
const passing = 2;

/**
 * Networks of a pairing that are loaded, within a budget of bytes as far as rows under way allow. Those
 * that are released stay, to be loaded again for nothing, until others need the room.
 */
export class Holding<T extends Held> {
  readonly #pairing: Pairing<T>;
  readonly #flight: Flight;
  readonly #memory: number;
  readonly #held = new Map<T, number>();
  /** By index, in the order of their release. */
  readonly #idle = new Map<number, T>();
  #bytes = 0;
  #largest = 0;

  /** @throws {RangeError} when the memory budget is not a number above 0 */
  constructor(pairing: Pairing<T>, flight: Flight, memory: number = 2 ** 30) {
    if (!(memory > 0)) {
      throw new RangeError(`Cannot use a memory budget: expected bytes above 0, found ${memory}`);
    }
    this.#pairing = pairing;
    this.#flight = flight;
    this.#memory = memory;
  }

  /** Whether `bytes` may stay: there is room left for those that pass by. */
  fits(bytes: number): boolean {
    const few = this.#memory < 4 * passing * this.#largest;
    return bytes + this.#largest * (few ? 1 : passing) <= this.#memory;
  }

  /** Loads a network, when there is room for one like the largest so far or nothing left to wait for. */
  async load(index: number): Promise<T> {
    const idle = this.#idle.get(index);
    if (idle) {
      this.#idle.delete(index);
      this.#held.set(idle, index);
      return idle;
    }
    while (this.#bytes + this.#largest > this.#memory) {
      if (this.#idle.size > 0) this.#evict();
      else if (this.#flight.idle) break;
      else await this.#flight.next();
    }
    const one = await this.#pairing.load(index);
    this.#held.set(one, index);
    this.#bytes += one.bytes;
    this.#largest = Math.max(this.#largest, one.bytes);
    return one;
  }

  release(one: T): void {
    const index = this.#held.get(one);
    if (index === undefined) return;
    this.#held.delete(one);
    this.#idle.set(index, one);
  }

  /** Lets go of all. */
  clear(): void {
    for (const one of [...this.#held.keys()]) this.release(one);
    while (this.#idle.size > 0) this.#evict();
  }

  #evict(): void {
    for (const [index, one] of this.#idle) {
      this.#idle.delete(index);
      this.#bytes -= one.bytes;
      one.release();
      return;
    }
  }
}
