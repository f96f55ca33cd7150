import type { ChainRow } from "../../tensor/index.ts";

/** Something loaded, until it is released. */
export interface Held {
  readonly bytes: number;
  /** Base-2 logarithm of the norm up to which it is 0 as far as rounding can tell. */
  readonly rounding: number;
  release(): void;
}

/** Things of which inner products can be taken, loaded one by one. */
export interface Pairing<T extends Held> {
  readonly length: number;
  load(index: number): Promise<T>;
  /** Inner products of a with each of bs, in their order. */
  row(a: T, bs: readonly T[]): Promise<ChainRow>;
  /** How many pairs to ask for at once: few enough to hear an abort soon. */
  batch(a: T): number;
  /** How many rows to ask for before the first is there: one where nothing computes beside this thread. */
  readonly lanes: number;
}
