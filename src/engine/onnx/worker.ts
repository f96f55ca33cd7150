import type { Numbers, Precision } from "../../tensor/index.ts";

/** Numbers in one of the worker's stores, or sent along. */
export type RemoteOperand = { readonly shape: readonly number[] } & (
  | { readonly store: number; readonly from: number; readonly length: number }
  | { readonly data: Numbers }
);

/**
 * Where a result goes in a store: consecutive pieces of `length` numbers, the first from number `from` on,
 * each `stride` numbers behind the one before.
 */
export interface Placement {
  readonly store: number;
  readonly from: number;
  readonly length: number;
  readonly stride: number;
}

/** What the worker is told; it does one after the other, a skip apart. */
export type Order =
  /** Room for `length` numbers under a number of its own. */
  | {
      readonly kind: "store";
      readonly store: number;
      readonly precision: Precision;
      readonly length: number;
    }
  | {
      readonly kind: "write";
      readonly store: number;
      readonly from: number;
      readonly data: Numbers;
    }
  | { readonly kind: "drop"; readonly store: number }
  /** Makes the session of a graph, under a number of its own. */
  | { readonly kind: "session"; readonly session: number; readonly model: Uint8Array }
  | {
      readonly kind: "run";
      readonly id: number;
      readonly session: number;
      readonly precision: Precision;
      readonly inputs: Readonly<Record<string, RemoteOperand>>;
      readonly output: {
        readonly name: string;
        readonly shape: readonly number[];
        /** Undefined when the result is the answer. */
        readonly into: Placement | undefined;
      };
    }
  /** A run that nobody waits for any more: heard at once, so that it does not begin. */
  | { readonly kind: "skip"; readonly id: number }
  /** Ends the worker once all that was ordered before is done. */
  | { readonly kind: "end" };

/** To every run, done or skipped; without an id when something else failed. */
export type Answer =
  | { readonly id: number; readonly data?: Numbers }
  | { readonly id: number; readonly error: string }
  | { readonly id?: undefined; readonly error: string };

/** What the worker needs from the start. */
export interface Setting {
  /** File of onnxruntime-node. */
  readonly runtime: string;
  /** Options of every session. */
  readonly options: object;
  /** Whether the runtime is at work, and whether it may not begin again; both shared. */
  readonly state: Int32Array;
}

/** Places in {@link Setting.state}. */
export const running = 0;
export const stopped = 1;

/**
 * The worker's whole program, in text because a worker's file could not be found from every bundle. It
 * ends by itself: a worker that is ended in the midst of a run takes the process with it.
 */
export const workerSource: string = `
"use strict";
const { parentPort, workerData } = require("node:worker_threads");
const { state } = workerData;
/** Stops the process from ending in the midst of what the runtime does, or does not begin it. */
const enter = () => {
  Atomics.store(state, ${running}, 1);
  // Looked at after the other was told, as the other thread does it the other way round.
  if (Atomics.load(state, ${stopped})) throw new Error("the process ends");
};
const leave = () => {
  Atomics.store(state, ${running}, 0);
  Atomics.notify(state, ${running});
};
const within = async (work) => {
  try {
    enter();
    return await work();
  } finally {
    leave();
  }
};
const runtime = () => {
  try {
    enter();
    return require(workerData.runtime);
  } finally {
    leave();
  }
};
const { InferenceSession, Tensor } = runtime();
const stores = new Map();
const sessions = new Map();
const skipped = new Set();
const numbers = (precision, length) =>
  precision === "float64" ? new Float64Array(length) : new Float32Array(length);
/** Room for results on their way to a store. */
const rooms = {};
const room = (precision, length) => {
  if (!(rooms[precision]?.length >= length)) rooms[precision] = numbers(precision, length);
  return rooms[precision].subarray(0, length);
};
const receive = {
  store({ store, precision, length }) {
    stores.set(store, numbers(precision, length));
  },
  write({ store, from, data }) {
    stores.get(store).set(data, from);
  },
  drop({ store }) {
    stores.delete(store);
  },
  async session({ session, model }) {
    const made = within(() => InferenceSession.create(model, workerData.options));
    sessions.set(session, made);
    // A run that needs it hears of its failure.
    await made.catch(() => {});
  },
  async run({ id, session, precision, inputs, output }) {
    if (skipped.delete(id)) throw new Error("it was skipped");
    const feeds = {};
    for (const [name, { shape, store, from, length, data }] of Object.entries(inputs)) {
      const own = data ?? stores.get(store).subarray(from, from + length);
      feeds[name] = new Tensor(precision, own, shape);
    }
    const size = output.shape.reduce((size, axis) => size * axis, 1);
    const { into } = output;
    const to = into && stores.get(into.store);
    const whole = into?.length === size;
    const data = !into
      ? numbers(precision, size)
      : whole
        ? to.subarray(into.from, into.from + size)
        : room(precision, size);
    const tensor = new Tensor(precision, data, output.shape);
    const graph = await sessions.get(session);
    await within(() => graph.run(feeds, { [output.name]: tensor }));
    if (into && !whole) {
      for (let from = 0, at = into.from; from < size; from += into.length, at += into.stride) {
        to.set(data.subarray(from, from + into.length), at);
      }
    }
    if (into) parentPort.postMessage({ id });
    else parentPort.postMessage({ id, data }, [data.buffer]);
    skipped.delete(id);
  },
  async end() {
    stores.clear();
    for (const session of sessions.values()) await (await session.catch(() => undefined))?.release();
    parentPort.close();
  },
};
let before = Promise.resolve();
parentPort.on("message", (order) => {
  if (order.kind === "skip") return void skipped.add(order.id);
  before = before
    .then(() => receive[order.kind](order))
    .catch((error) => parentPort.postMessage({ id: order.id, error: String(error?.message ?? error) }));
});
`;
