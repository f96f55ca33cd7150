import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Numbers, Precision } from "../../tensor/index.ts";
import { type Graph, modelOf } from "./model.ts";
import { sessionOptions } from "./runtime.ts";
import type { Answer, Order, Placement, RemoteOperand, Setting } from "./worker.ts";
import { running, stopped, workerSource } from "./worker.ts";

const require = createRequire(import.meta.url);

/** Milliseconds that the end of the process waits for a run. */
const patience = 30_000;

interface Waiting {
  resolve(data: Numbers | undefined): void;
  reject(reason: unknown): void;
}

/**
 * Runs graphs in a worker of their own, started when first needed, over numbers kept there: a run is
 * synchronous inside, and would stand in the way of everything else on this thread.
 */
export class RemoteRunner {
  readonly #threads: number;
  readonly #sessions = new Map<string, number>();
  /** The same by the graph itself, of those that are asked for again and again. */
  readonly #known = new WeakMap<Graph, number>();
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  /** Runs that the worker has not answered, waited for or not. */
  #under = 0;
  #failure: Error | undefined;
  #stores = 0;
  #runs = 0;
  #disposed = false;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** Room for `length` numbers in the worker. */
  store(precision: Precision, length: number): number {
    const store = this.#stores++;
    this.#order({ kind: "store", store, precision, length });
    return store;
  }

  /** Writes to a store from number `from` on; `data` is given away. */
  write(store: number, from: number, data: Numbers): void {
    this.#order({ kind: "write", store, from, data }, [data.buffer as ArrayBuffer]);
  }

  /** Gives a store back; runs that were asked for before still find it. */
  drop(store: number): void {
    if (this.#worker && !this.#disposed) this.#order({ kind: "drop", store });
  }

  /**
   * Runs a graph after all that was asked before; data among the inputs is given away.
   *
   * @throws {Error} when the engine is disposed, or the runtime fails
   * @throws the signal's reason as soon as it aborts; a run that has begun goes on to its end
   */
  async run(
    graph: Graph,
    inputs: Readonly<Record<string, RemoteOperand>>,
    shape: readonly number[],
    signal?: AbortSignal,
  ): Promise<Numbers> {
    return (await this.#run(graph, inputs, { shape, into: undefined }, signal))!;
  }

  /** As {@link run}, the result left in a store. */
  async runInto(
    graph: Graph,
    inputs: Readonly<Record<string, RemoteOperand>>,
    shape: readonly number[],
    into: Placement,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#run(graph, inputs, { shape, into }, signal);
  }

  async #run(
    graph: Graph,
    inputs: Readonly<Record<string, RemoteOperand>>,
    { shape, into }: { readonly shape: readonly number[]; readonly into: Placement | undefined },
    signal: AbortSignal | undefined,
  ): Promise<Numbers | undefined> {
    signal?.throwIfAborted();
    const session = this.#session(graph);
    const id = this.#runs++;
    const own = Object.fromEntries(
      Object.keys(graph.inputs).map((name) => [name, inputs[name]!] as const),
    );
    const given = Object.values(own).flatMap((operand) =>
      "data" in operand ? [operand.data.buffer as ArrayBuffer] : [],
    );
    const skip = () => {
      this.#waiting.get(id)?.reject(signal?.reason);
      this.#waiting.delete(id);
      if (!this.#disposed && !this.#failure) this.#order({ kind: "skip", id });
    };
    const answered = new Promise<Numbers | undefined>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#under++;
      const { precision } = graph;
      const output = { name: graph.output[0], shape, into };
      this.#order({ kind: "run", id, session, precision, inputs: own, output }, given);
      // The process lives while something is computed, and no longer.
      this.#worker?.ref();
    });
    signal?.addEventListener("abort", skip, { once: true });
    try {
      return await answered;
    } finally {
      signal?.removeEventListener("abort", skip);
    }
  }

  /** Ends the worker when it has done what it was asked; all that is not done by then has failed. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(disposed());
    this.#waiting.clear();
    if (!worker || this.#failure) return;
    worker.ref();
    await new Promise<void>((resolve) => {
      worker.once("exit", () => resolve());
      worker.postMessage({ kind: "end" } satisfies Order);
    });
  }

  #session(graph: Graph): number {
    const known = this.#known.get(graph);
    if (known !== undefined) return known;
    const key = JSON.stringify(graph);
    const session = this.#sessions.get(key) ?? this.#sessions.size;
    if (session === this.#sessions.size) {
      const model = modelOf(graph);
      this.#order({ kind: "session", session, model }, [model.buffer as ArrayBuffer]);
      this.#sessions.set(key, session);
    }
    this.#known.set(graph, session);
    return session;
  }

  #order(order: Order, given: readonly ArrayBuffer[] = []): void {
    if (this.#disposed) throw disposed();
    if (this.#failure) throw this.#failure;
    this.#worker ??= this.#start();
    this.#worker.postMessage(order, given);
  }

  #start(): Worker {
    const state = new Int32Array(new SharedArrayBuffer(8));
    const workerData: Setting = {
      state,
      runtime: require.resolve("onnxruntime-node"),
      options: sessionOptions(this.#threads),
    };
    const worker = new Worker(workerSource, { eval: true, execArgv: [], workerData });
    worker.on("message", (answer: Answer) => this.#received(answer));
    worker.on("error", (cause) => this.#failed(cause));
    worker.on("exit", (code) => this.#failed(new Error(`its worker ended with code ${code}`)));
    worker.unref();
    // Ended in the midst of a run, the worker would take the process with it, with an abort for a status.
    const hold = () => {
      Atomics.store(state, stopped, 1);
      Atomics.wait(state, running, 1, patience);
    };
    process.on("exit", hold);
    worker.once("exit", () => process.off("exit", hold));
    return worker;
  }

  #received(answer: Answer): void {
    if (answer.id === undefined) {
      this.#failed(new Error(answer.error));
      return;
    }
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#under--;
    if (this.#under === 0) this.#worker?.unref();
    if ("error" in answer) waiting?.reject(broken(answer.error));
    else waiting?.resolve(answer.data);
  }

  #failed(cause: Error): void {
    if (this.#disposed) return;
    this.#failure ??= broken(cause.message, cause);
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

function broken(message: string, cause?: Error): Error {
  return new Error(`Cannot compute in engine "onnx": ${message}`, { cause });
}

function disposed(): Error {
  return new Error('Cannot compute in engine "onnx": it is disposed');
}
