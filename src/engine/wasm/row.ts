import type { ChainRow, Precision } from "../../tensor/index.ts";
import { putBack } from "../chain/exponent.ts";
import type { HeldChain } from "../chain/held.ts";
import { flopsOf } from "../chain/steps.ts";
import { roomOf } from "./packed.ts";
import type { Work } from "./pool.ts";
import type { Store } from "./store.ts";
import type { Answer, Task } from "./task.ts";

/** Where a chain lies in the kernels' memory. */
export interface Address {
  readonly at: number;
}

/** Seconds a task should take: long enough for its messages not to count, short enough to be stopped. */
const shortest = 3e-4;
const longest = 0.03;
/** Operations a second, to tell beforehand what a task will take; the order of magnitude is enough. */
const rate = { float64: 25e9, float32: 50e9 } as const;

/** One row at work: hands out tasks, large ones first, and puts the answers together. */
export class Row implements Work {
  readonly done: Promise<ChainRow>;
  #resolve!: (row: ChainRow) => void;
  #reject!: (reason: unknown) => void;
  readonly #a: HeldChain<Address>;
  readonly #bs: readonly HeldChain<Address>[];
  readonly #precision: Precision;
  readonly #symmetrise: boolean;
  readonly #store: Store;
  readonly #room: readonly number[];
  /** Address of the room of each worker that has had a task. */
  readonly #rooms = new Map<number, number>();
  readonly #slices: Float64Array;
  readonly #exponents: Int32Array;
  readonly #outputs: number;
  /** Fewest and most pairs of a task. */
  readonly #fewest: number;
  readonly #most: number;
  #next = 0;
  #handed = 0;
  #settled = false;

  constructor(
    a: HeldChain<Address>,
    bs: readonly HeldChain<Address>[],
    symmetrise: boolean,
    store: Store,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#a = a;
    this.#bs = bs;
    this.#precision = a.precision;
    this.#symmetrise = symmetrise;
    this.#store = store;
    const shapes = Array.from(new Set(bs.map((b) => b.steps)));
    this.#room = roomOf(a.steps, shapes, a.precision).map((bytes) => Math.ceil(bytes / 64) * 64);
    this.#outputs = a.steps.at(-1)!.outputs;
    this.#slices = new Float64Array(bs.length * this.#outputs);
    this.#exponents = new Int32Array(bs.length);
    const seconds =
      Math.max(1, ...shapes.map((b) => flopsOf(a.steps, b, symmetrise))) / rate[a.precision];
    this.#fewest = Math.max(1, Math.ceil(shortest / seconds));
    this.#most = Math.max(1, Math.floor(longest / seconds));
    for (const chain of [a, ...bs]) chain.enter();
  }

  get settled(): boolean {
    return this.#settled;
  }

  next(id: number, worker: number, workers: number): Task | undefined {
    const left = this.#bs.length - this.#next;
    if (this.#settled || left === 0) return undefined;
    const room = this.#roomFor(worker);
    if (!room) return undefined;
    const share = Math.ceil(left / (2 * workers));
    const count = Math.min(left, this.#most, Math.max(this.#fewest, share));
    const bs = this.#bs.slice(this.#next, this.#next + count);
    this.#next += count;
    this.#handed++;
    return {
      kind: "task",
      id,
      from: this.#next - count,
      kernel: this.#precision === "float64" ? "pair64" : "pair32",
      a: this.#a.content.at,
      bs: bs.map((b) => b.content.at),
      symmetrise: this.#symmetrise,
      room,
      extent: this.#store.extent,
      outputs: this.#outputs,
    };
  }

  answered({ from }: Task, { slices, exponents }: Answer): void {
    if (this.#settled) return;
    this.#slices.set(slices, from * this.#outputs);
    this.#exponents.set(exponents, from);
  }

  over(): void {
    this.#handed--;
    if (this.#handed > 0) return;
    if (!this.#settled && this.#next < this.#bs.length) return;
    if (!this.#settled) {
      this.#settled = true;
      this.#resolve(this.#result());
    }
    this.#leave();
  }

  fail(reason: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#reject(reason);
    if (this.#handed === 0) this.#leave();
  }

  #result(): ChainRow {
    const slices = this.#slices;
    const exponents = this.#exponents.map((exponent, k) =>
      putBack(slices.subarray(k * this.#outputs, (k + 1) * this.#outputs), exponent),
    );
    return { slices, exponents };
  }

  /** Addresses of the intermediate results of one worker. */
  #roomFor(worker: number): readonly number[] | undefined {
    let at = this.#rooms.get(worker);
    if (at === undefined) {
      try {
        const bytes = this.#room.reduce((sum, part) => sum + part, 0);
        at = this.#store.take(bytes, "intermediate results");
      } catch (error) {
        this.fail(error);
        return undefined;
      }
      this.#rooms.set(worker, at);
    }
    let address = at;
    return this.#room.map((bytes) => {
      address += bytes;
      return address - bytes;
    });
  }

  #leave(): void {
    for (const at of this.#rooms.values()) this.#store.give(at);
    for (const chain of [this.#a, ...this.#bs]) chain.leave();
  }
}
