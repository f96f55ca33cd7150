import { Heap } from "./heap.ts";
import { grow, mostPages, page } from "./kernels.ts";
import type { Write } from "./task.ts";

/** Writes content that begins at `offset` of `buffer`. */
export type Fill = (buffer: ArrayBufferLike, offset: number) => void;

/** The memory the kernels compute in, as the thread that plans sees it. */
export interface Store {
  /** Bytes the memory must have. */
  readonly extent: number;
  /**
   * The address of `bytes` free bytes.
   *
   * @throws {RangeError} when they do not fit; `what` names them in the message
   */
  take(bytes: number, what: string): number;
  /** Whether what the workers write is seen here. */
  readonly common: boolean;
  /** Fills a range that was taken. */
  fill(at: number, bytes: number, content: Fill): void;
  /** Where this thread finds what a range was filled with. */
  content(at: number): { readonly buffer: ArrayBufferLike; readonly offset: number };
  /** Brings to the workers what this thread wrote to the content of a range. */
  changed(at: number): void;
  /** Gives a range back. */
  give(at: number): void;
}

const limit = mostPages * page;

function takeFrom(heap: Heap, bytes: number, what: string): number {
  const at = heap.take(bytes);
  if (at === undefined) throw new RangeError(full(heap, bytes, what));
  return at;
}

function full(heap: Heap, bytes: number, what: string): string {
  return `Cannot hold ${what} of ${bytes} bytes in engine "wasm": expected at most ${limit} bytes in all, found ${heap.used} in use`;
}

/** A memory this thread can write to: its own, or shared with the workers. */
export class DirectStore implements Store {
  readonly #heap = new Heap(64, limit);
  readonly memory: WebAssembly.Memory;
  readonly common = true;
  #extent = 0;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  get extent(): number {
    return this.#extent;
  }

  take(bytes: number, what: string): number {
    const at = takeFrom(this.#heap, bytes, what);
    if (!grow(this.memory, at + bytes)) {
      this.#heap.give(at);
      throw new RangeError(`${full(this.#heap, bytes, what)} and no more to be had`);
    }
    this.#extent = Math.max(this.#extent, at + bytes);
    return at;
  }

  fill(at: number, _bytes: number, content: Fill): void {
    content(this.memory.buffer, at);
  }

  content(at: number): { readonly buffer: ArrayBufferLike; readonly offset: number } {
    return { buffer: this.memory.buffer, offset: at };
  }

  changed(): void {}

  give(at: number): void {
    this.#heap.give(at);
  }

  /** A copy of float64 numbers that workers have written. */
  read(at: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, count).slice();
  }
}

/**
 * Memories that only the workers can write to, one each and all alike: what is to be held is kept here
 * and sent to every worker, also to those that start later.
 */
export class CopiedStore implements Store {
  readonly #heap = new Heap(64, limit);
  readonly #blocks = new Map<number, ArrayBuffer>();
  readonly #send: (write: Write) => void;
  readonly common = false;
  #extent = 0;

  constructor(send: (write: Write) => void) {
    this.#send = send;
  }

  get extent(): number {
    return this.#extent;
  }

  /** What a new worker has to be sent. */
  get writes(): readonly Write[] {
    return Array.from(this.#blocks, ([at, bytes]) => ({ kind: "write", at, bytes }));
  }

  take(bytes: number, what: string): number {
    const at = takeFrom(this.#heap, bytes, what);
    this.#extent = Math.max(this.#extent, at + bytes);
    return at;
  }

  fill(at: number, bytes: number, content: Fill): void {
    const block = new ArrayBuffer(bytes);
    content(block, 0);
    this.#blocks.set(at, block);
    this.#send({ kind: "write", at, bytes: block });
  }

  content(at: number): { readonly buffer: ArrayBufferLike; readonly offset: number } {
    return { buffer: this.#blocks.get(at)!, offset: 0 };
  }

  changed(at: number): void {
    this.#send({ kind: "write", at, bytes: this.#blocks.get(at)! });
  }

  give(at: number): void {
    this.#blocks.delete(at);
    this.#heap.give(at);
  }
}
