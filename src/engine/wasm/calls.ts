import { Job } from "./job.ts";
import type { CallKernelName } from "./kernels.ts";
import type { Store } from "./store.ts";
import type { CallsAnswer, CallsTask } from "./task.ts";

/** Pieces of a computation that each write to memory of their own, in any order, on any worker. */
export interface Pieces {
  readonly kernel: CallKernelName;
  readonly count: number;
  /** Parameters of the calls of a piece; `room` is the address of the worker's intermediate results. */
  calls(piece: number, room: number): readonly (readonly number[])[];
  /** Bytes of intermediate results a worker needs. */
  readonly room: number;
}

/** Calls of a kernel: the pieces are handed out in order, and what the calls return is collected. */
export class Calls extends Job<readonly (readonly number[])[]> {
  /** Nothing of it is being computed any more, nor will be: what it wrote to can be given back. */
  readonly ended: Promise<void>;
  #end!: () => void;
  readonly #pieces: Pieces;
  readonly #results: (readonly number[])[] = [];
  #next = 0;

  constructor(pieces: Pieces, store: Store) {
    super(store);
    this.#pieces = pieces;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    // Whoever waits hears of it; nobody has to.
    this.done.catch(() => {});
  }

  protected get room(): number {
    return this.#pieces.room;
  }

  protected get more(): boolean {
    return this.#next < this.#pieces.count;
  }

  protected piece(id: number, room: number): CallsTask {
    const { kernel } = this.#pieces;
    const piece = this.#next++;
    const calls = this.#pieces.calls(piece, room);
    return { kind: "calls", id, piece, kernel, calls, extent: this.store.extent };
  }

  protected take({ piece }: CallsTask, { results }: CallsAnswer): void {
    this.#results[piece] = results;
  }

  protected result(): readonly (readonly number[])[] {
    return this.#results;
  }

  protected leave(): void {
    this.#end();
  }
}
