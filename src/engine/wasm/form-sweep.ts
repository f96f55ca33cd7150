import type { HeldChain } from "../chain/held.ts";
import { Calls, type Pieces } from "./calls.ts";
import { type FormLayout, formLayout, tileBytes, tilesOf } from "./form-tiles.ts";
import type { PackedForm } from "./packed-form.ts";
import type { Pool } from "./pool.ts";
import type { DirectStore } from "./store.ts";

/** Bytes of a step as the kernel finds it: STEP in assembly/form-step.ts. */
const stepBytes = 16;
/** Bytes of the products kept in the first-level cache, and of an output's sums: DEPTH, EDGE, PAIR there. */
const productBytes = 2 * 128 * 64;
const sumBytes = 16 * 64;
/** Operations of a task: some milliseconds, so that it is soon over. */
const taskFlops = 2e8;

/**
 * The products of all features of some networks, tile by tile: while the tiles of one half of the room are
 * multiplied, those of the other are built, so that no worker waits for another.
 */
export class FormSweep {
  readonly #held: readonly HeldChain<PackedForm>[];
  readonly #store: DirectStore;
  readonly #pool: Pool;
  readonly #leave: () => void;
  readonly #tiles: ReturnType<typeof tilesOf>;
  readonly #layout: FormLayout;
  readonly #taken: number[] = [];
  readonly #works: Calls[] = [];
  #dropped: { readonly reason: unknown } | undefined;

  /** @param leave - called when the networks are no longer looked at */
  constructor(
    held: readonly HeldChain<PackedForm>[],
    store: DirectStore,
    pool: Pool,
    leave: () => void,
  ) {
    this.#held = held;
    this.#store = store;
    this.#pool = pool;
    this.#leave = leave;
    const { precision, steps } = held[0]!;
    const { inputs, outputs } = steps[0]!;
    this.#tiles = tilesOf(inputs);
    this.#layout = formLayout(held.length, outputs, this.#tiles.length, precision);
  }

  /** Gives up; nothing is begun after this. */
  drop(reason: unknown): void {
    this.#dropped ??= { reason };
    for (const work of this.#works) this.#pool.drop(work, reason);
  }

  /** Sums of products, [outputs, all, all], in the upper triangle; `all` is a whole number of panels. */
  async run(
    progress: ((part: number) => void) | undefined,
  ): Promise<{ readonly data: Float64Array; readonly all: number }> {
    const { precision, steps } = this.#held[0]!;
    const { outputs } = steps[0]!;
    const { panels, tiles, bytes } = this.#layout;
    const all = panels * (precision === "float64" ? 4 : 8);
    try {
      await Promise.all(this.#held.map(({ content }) => content.exponent));
      const table = this.#table();
      const gram = this.#zeros(outputs * all * all * 8);
      const halves = [this.#take(bytes), this.#take(bytes)];
      const chunks = Math.ceil(this.#tiles.length / tiles);
      const build = (chunk: number) => this.#add(this.#build(table, chunk, halves[chunk % 2]!));
      const built = [build(0)];
      if (chunks > 1) built.push(build(1));
      const multiplied: Calls[] = [];
      for (let chunk = 0; chunk < chunks; chunk++) {
        await built[chunk]!.done;
        multiplied.push(this.#add(this.#multiply(chunk, halves[chunk % 2]!, gram, all)));
        // The half that the chunk before was multiplied in is free again.
        if (chunk > 0) {
          await multiplied[chunk - 1]!.done;
          if (chunk + 1 < chunks) built.push(build(chunk + 1));
          progress?.(chunk / chunks);
        }
      }
      await multiplied.at(-1)!.done;
      progress?.(1);
      return { data: this.#store.read(gram, outputs * all * all), all };
    } catch (error) {
      this.drop(error);
      throw error;
    } finally {
      // Workers may still write to it: given back when they no longer do.
      void Promise.all(this.#works.map(({ ended }) => ended)).then(() => {
        for (const at of this.#taken) this.#store.give(at);
        this.#leave();
      });
    }
  }

  #add(pieces: Pieces): Calls {
    if (this.#dropped) throw this.#dropped.reason;
    const work = new Calls(pieces, this.#store);
    this.#works.push(work);
    this.#pool.add(work);
    return work;
  }

  /** The features of a chunk of tiles, a panel of networks and some of the tiles in each piece. */
  #build(table: number, chunk: number, features: number): Pieces {
    const { precision, steps } = this.#held[0]!;
    const { inputs, outputs } = steps[0]!;
    const { panels, tiles, output, panel } = this.#layout;
    const lanes = precision === "float64" ? 4 : 8;
    const own = this.#tiles.slice(chunk * tiles, (chunk + 1) * tiles);
    const hidden = Math.max(...this.#held.map(({ steps: [step] }) => step!.hidden));
    const tileFlops = lanes * 256 * hidden * (2 * outputs + 3);
    const several = Math.max(1, Math.min(own.length, Math.floor(taskFlops / tileFlops)));
    const parts = Math.ceil(own.length / several);
    return {
      kernel: precision === "float64" ? "formTile64" : "formTile32",
      count: panels * parts,
      room: productBytes + outputs * sumBytes,
      calls: (piece, room) => {
        const p = Math.floor(piece / parts);
        const first = (piece % parts) * several;
        const count = Math.min(lanes, this.#held.length - p * lanes);
        const networks = table + p * lanes * stepBytes;
        return own.slice(first, first + several).map(([row, column], k) => {
          const to = features + p * panel + (first + k) * tileBytes;
          const rooms = [room, room + productBytes];
          return [networks, count, inputs, outputs, row, column, ...rooms, to, output];
        });
      },
    };
  }

  /** The products of a chunk, an output and some panels of networks in each piece. */
  #multiply(chunk: number, features: number, gram: number, all: number): Pieces {
    const { precision, steps } = this.#held[0]!;
    const { outputs } = steps[0]!;
    const { panels, tiles, output, panel } = this.#layout;
    const count = Math.min(tiles, this.#tiles.length - chunk * tiles);
    const whole = all * (all + 1) * 256 * count;
    const parts = Math.min(panels, Math.max(1, Math.ceil(whole / taskFlops)));
    // Panels from the first up to p take p² of the work.
    const bound = (part: number) => Math.round(panels * Math.sqrt(part / parts));
    return {
      kernel: precision === "float64" ? "formProducts64" : "formProducts32",
      count: outputs * parts,
      room: 128,
      calls: (piece, room) => {
        const o = Math.floor(piece / parts);
        const part = piece % parts;
        const own = features + o * output;
        const sums = gram + o * all * all * 8;
        return [[own, panel, count, bound(part), bound(part + 1), panels, sums, room]];
      },
    };
  }

  /** The packed steps one after the other. */
  #table(): number {
    const bytes = this.#held.length * stepBytes;
    const at = this.#take(bytes);
    this.#store.fill(at, bytes, (buffer, offset) => {
      const words = new Uint32Array(buffer, offset, bytes / 4);
      for (const [m, { content, steps }] of this.#held.entries()) {
        words.set([content.left, content.right, content.down, steps[0]!.hidden], m * 4);
      }
    });
    return at;
  }

  #take(bytes: number): number {
    const at = this.#store.take(bytes, "quadratic forms");
    this.#taken.push(at);
    return at;
  }

  #zeros(bytes: number): number {
    const at = this.#take(bytes);
    this.#store.fill(at, bytes, (buffer, offset) => new Uint8Array(buffer, offset, bytes).fill(0));
    return at;
  }
}
