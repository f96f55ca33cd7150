import type { Kernels } from "./kernels.ts";

/** First message to a worker. Without a memory it makes its own. */
export interface Start {
  readonly kind: "start";
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory | undefined;
}

/** Bytes to be kept at an address of the worker's own memory. */
export interface Write {
  readonly kind: "write";
  readonly at: number;
  readonly bytes: ArrayBuffer;
}

/** Some pairs of a row: the chain at `a` with those at `bs`. */
export interface Task {
  readonly kind: "task";
  readonly id: number;
  /** Which pair of its row is the first. */
  readonly from: number;
  readonly kernel: "pair64" | "pair32";
  readonly a: number;
  readonly bs: readonly number[];
  readonly symmetrise: boolean;
  /** Addresses of the intermediate results, in the order of the kernel's arguments; the last is `out`. */
  readonly room: readonly number[];
  /** Bytes of memory that must be there. */
  readonly extent: number;
  readonly outputs: number;
}

/** What a worker answers to a task. */
export interface Answer {
  readonly id: number;
  /** [pairs, outputs]. */
  readonly slices: Float64Array;
  /** [pairs]. */
  readonly exponents: Int32Array;
}

export interface Failure {
  /** Undefined when a write or the start failed. */
  readonly id?: number;
  readonly error: string;
}

/** Does a task on this thread; `workerSource` says the same in a worker's own words. */
export function perform(kernels: Kernels, memory: WebAssembly.Memory, task: Task): Answer {
  const { id, a, bs, symmetrise, room, outputs } = task;
  const slices = new Float64Array(bs.length * outputs);
  const exponents = new Int32Array(bs.length);
  bs.forEach((b, k) => {
    exponents[k] = kernels[task.kernel](a, b, symmetrise, ...room);
    slices.set(new Float64Array(memory.buffer, room.at(-1), outputs), k * outputs);
  });
  return { id, slices, exponents };
}

/**
 * The worker's whole program, in text because a worker's file could not be found from every bundle, and
 * written out because a function printed by a minifier is not one that stands alone.
 */
export const workerSource: string = `
"use strict";
let memory, kernels, own;
const grow = (bytes) => {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / 65536);
  // A shared memory has grown already; growing by nothing makes its new length seen here.
  if (missing > 0) memory.grow(own ? missing : 0);
};
const receive = {
  start(message) {
    own = !message.memory;
    memory = message.memory || new WebAssembly.Memory({ initial: 1, maximum: 65535 });
    kernels = new WebAssembly.Instance(message.module, { env: { memory } }).exports;
  },
  write({ at, bytes }) {
    grow(at + bytes.byteLength);
    new Uint8Array(memory.buffer, at, bytes.byteLength).set(new Uint8Array(bytes));
  },
  task({ id, kernel, a, bs, symmetrise, room, extent, outputs }) {
    grow(extent);
    const out = room[room.length - 1];
    const slices = new Float64Array(bs.length * outputs);
    const exponents = new Int32Array(bs.length);
    bs.forEach((b, k) => {
      exponents[k] = kernels[kernel](a, b, symmetrise, ...room);
      slices.set(new Float64Array(memory.buffer, out, outputs), k * outputs);
    });
    self.postMessage({ id, slices, exponents }, [slices.buffer, exponents.buffer]);
  },
};
self.onmessage = ({ data }) => {
  try {
    receive[data.kind](data);
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error) });
  }
};
`;
