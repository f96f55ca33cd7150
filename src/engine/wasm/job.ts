import type { Work } from "./pool.ts";
import type { Store } from "./store.ts";
import type { Answer, Task } from "./task.ts";

/** A work whose pieces make one result, each computed in the room of its worker. */
export abstract class Job<Result> implements Work {
  readonly done: Promise<Result>;
  protected readonly store: Store;
  #resolve!: (result: Result) => void;
  #reject!: (reason: unknown) => void;
  /** Address of the room of each worker that has had a piece. */
  readonly #rooms = new Map<number, number>();
  #handed = 0;
  #settled = false;

  constructor(store: Store) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.store = store;
  }

  /** Bytes of intermediate results of a worker. */
  protected abstract readonly room: number;
  /** Whether pieces are left to hand out. */
  protected abstract readonly more: boolean;
  /** The next piece, for a worker whose room is at `room`. */
  protected abstract piece(id: number, room: number, workers: number, last: boolean): Task;
  /** What an answer brings. */
  protected abstract take(task: Task, answer: Answer): void;
  protected abstract result(): Result;
  /** No worker is at a piece any more, and none will be. */
  protected abstract leave(): void;

  get settled(): boolean {
    return this.#settled;
  }

  next(id: number, worker: number, workers: number, last: boolean): Task | undefined {
    if (this.#settled || !this.more) return undefined;
    const room = this.#roomFor(worker);
    if (room === undefined) return undefined;
    this.#handed++;
    return this.piece(id, room, workers, last);
  }

  answered(task: Task, answer: Answer): void {
    if (!this.#settled) this.take(task, answer);
  }

  over(): void {
    this.#handed--;
    if (this.#handed > 0) return;
    if (!this.#settled && this.more) return;
    if (!this.#settled) {
      this.#settled = true;
      this.#resolve(this.result());
    }
    this.#end();
  }

  fail(reason: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#reject(reason);
    if (this.#handed === 0) this.#end();
  }

  #roomFor(worker: number): number | undefined {
    const known = this.#rooms.get(worker);
    if (known !== undefined) return known;
    try {
      const at = this.store.take(this.room, "intermediate results");
      this.#rooms.set(worker, at);
      return at;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  #end(): void {
    for (const at of this.#rooms.values()) this.store.give(at);
    this.leave();
  }
}
