import type { ChainRow, Precision } from "../../tensor/index.ts";
import { putBack } from "../chain/exponent.ts";
import type { HeldChain } from "../chain/held.ts";
import { flopsOf } from "../chain/steps.ts";
import { Job } from "./job.ts";
import { longest, rate, shortest } from "./pace.ts";
import { roomOf } from "./packed.ts";
import type { Store } from "./store.ts";
import type { PairsAnswer, PairsTask } from "./task.ts";

/** Where a chain lies in the kernels' memory. */
export interface Address {
  readonly at: number;
}

/** One row at work: hands out tasks, large ones first, and puts the answers together. */
export class Row extends Job<ChainRow> {
  protected readonly room: number;
  readonly #a: HeldChain<Address>;
  readonly #bs: readonly HeldChain<Address>[];
  readonly #precision: Precision;
  readonly #symmetrise: boolean;
  /** Bytes of each intermediate result. */
  readonly #parts: readonly number[];
  readonly #slices: Float64Array;
  readonly #exponents: Int32Array;
  readonly #outputs: number;
  /** Fewest and most pairs of a task. */
  readonly #fewest: number;
  readonly #most: number;
  #next = 0;

  constructor(
    a: HeldChain<Address>,
    bs: readonly HeldChain<Address>[],
    symmetrise: boolean,
    store: Store,
  ) {
    super(store);
    this.#a = a;
    this.#bs = bs;
    this.#precision = a.precision;
    this.#symmetrise = symmetrise;
    const shapes = Array.from(new Set(bs.map((b) => b.steps)));
    this.#parts = roomOf(a.steps, shapes, a.precision).map((bytes) => Math.ceil(bytes / 64) * 64);
    this.room = this.#parts.reduce((sum, part) => sum + part, 0);
    this.#outputs = a.steps.at(-1)!.outputs;
    this.#slices = new Float64Array(bs.length * this.#outputs);
    this.#exponents = new Int32Array(bs.length);
    const seconds =
      Math.max(1, ...shapes.map((b) => flopsOf(a.steps, b, symmetrise))) / rate[a.precision];
    this.#fewest = Math.max(1, Math.ceil(shortest / seconds));
    this.#most = Math.max(1, Math.floor(longest / seconds));
    for (const chain of [a, ...bs]) chain.enter();
  }

  protected get more(): boolean {
    return this.#next < this.#bs.length;
  }

  protected piece(id: number, room: number, workers: number, last: boolean): PairsTask {
    const left = this.#bs.length - this.#next;
    // Smaller and smaller towards the end; not where another row follows, which fills the gaps.
    const share = Math.ceil(left / ((last ? 2 : 1) * workers));
    const count = Math.min(left, this.#most, Math.max(this.#fewest, share));
    const bs = this.#bs.slice(this.#next, this.#next + count);
    this.#next += count;
    let address = room;
    return {
      kind: "pairs",
      id,
      from: this.#next - count,
      kernel: this.#precision === "float64" ? "pair64" : "pair32",
      a: this.#a.content.at,
      bs: bs.map((b) => b.content.at),
      symmetrise: this.#symmetrise,
      room: this.#parts.map((bytes) => {
        address += bytes;
        return address - bytes;
      }),
      extent: this.store.extent,
      outputs: this.#outputs,
    };
  }

  protected take({ from }: PairsTask, { slices, exponents }: PairsAnswer): void {
    this.#slices.set(slices, from * this.#outputs);
    this.#exponents.set(exponents, from);
  }

  protected result(): ChainRow {
    const slices = this.#slices;
    const exponents = this.#exponents.map((exponent, k) =>
      putBack(slices.subarray(k * this.#outputs, (k + 1) * this.#outputs), exponent),
    );
    return { slices, exponents };
  }

  protected leave(): void {
    for (const chain of [this.#a, ...this.#bs]) chain.leave();
  }
}
