import type { CallKernelName } from "./kernels.ts";

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

interface Piece {
  readonly id: number;
  /** Bytes of memory that must be there. */
  readonly extent: number;
}

/** Some pairs of a row: the chain at `a` with those at `bs`. */
export interface PairsTask extends Piece {
  readonly kind: "pairs";
  /** Which pair of its row is the first. */
  readonly from: number;
  readonly kernel: "pair64" | "pair32";
  readonly a: number;
  readonly bs: readonly number[];
  readonly symmetrise: boolean;
  /** Addresses of the intermediate results, in the order of the kernel's arguments; the last is `out`. */
  readonly room: readonly number[];
  readonly outputs: number;
}

/** Some groups of a program. */
export interface ProgramTask extends Piece {
  readonly kind: "program";
  /** The first of them, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly kernel: "program64" | "program32";
  /** Address of the instructions. */
  readonly code: number;
  readonly scratch: number;
  /** Entries of assembly/program.ts one after the other, to be put at address `table`. */
  readonly entries: ArrayBuffer;
  readonly table: number;
  /** Bytes of an entry. */
  readonly step: number;
  /** Where the results will be that are asked for, and their bytes. */
  readonly results: number;
  readonly bytes: number;
}

/** Calls of a kernel that writes its results to memory, one after the other. */
export interface CallsTask extends Piece {
  readonly kind: "calls";
  /** Which piece of its work this is. */
  readonly piece: number;
  readonly kernel: CallKernelName;
  /** The parameters of each. */
  readonly calls: readonly (readonly number[])[];
}

export type Task = PairsTask | ProgramTask | CallsTask;

/** What a worker answers to pairs. */
export interface PairsAnswer {
  readonly id: number;
  /** [pairs, outputs]. */
  readonly slices: Float64Array;
  /** [pairs]. */
  readonly exponents: Int32Array;
}

/** What a worker answers to groups of a program. */
export interface ProgramAnswer {
  readonly id: number;
  readonly results: ArrayBuffer;
}

/** What a worker answers to calls: what each returned. */
export interface CallsAnswer {
  readonly id: number;
  readonly results: readonly number[];
}

export type Answer = PairsAnswer | ProgramAnswer | CallsAnswer;

export interface Failure {
  /** Undefined when a write or the start failed. */
  readonly id?: number;
  readonly error: string;
}

/**
 * The worker's whole program, in text because a worker's file could not be found from every bundle, and
 * written out because a function printed by a minifier is not one that stands alone. `inlineSpawn` says
 * the same for this thread.
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
  pairs({ id, kernel, a, bs, symmetrise, room, extent, outputs }) {
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
  calls({ id, kernel, calls, extent }) {
    grow(extent);
    self.postMessage({ id, results: calls.map((parameters) => kernels[kernel](...parameters)) });
  },
  program({ id, kernel, code, scratch, entries, table, step, results, bytes, extent }) {
    grow(extent);
    new Uint8Array(memory.buffer, table, entries.byteLength).set(new Uint8Array(entries));
    for (let at = 0; at < entries.byteLength; at += step) kernels[kernel](code, scratch, table + at);
    const found = new ArrayBuffer(bytes);
    new Uint8Array(found).set(new Uint8Array(memory.buffer, results, bytes));
    self.postMessage({ id, results: found }, [found]);
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
