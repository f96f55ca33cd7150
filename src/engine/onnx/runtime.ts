import type { Numbers, Precision } from "../../tensor/index.ts";
import { type Graph, modelOf } from "./model.ts";

/** The part of onnxruntime-node that is used, told here so that its types need not be installed. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<Session>;
  };
  readonly Tensor: new (type: Precision, data: Numbers, sizes: readonly number[]) => object;
}

interface Session {
  run(inputs: Record<string, object>, outputs: Record<string, object>): Promise<unknown>;
  release(): Promise<void>;
}

/** Storage and the shape it has in a graph. */
export interface Operand {
  readonly data: Numbers;
  readonly shape: readonly number[];
}

/** Options of a session whose runs compute with so many threads. */
export function sessionOptions(threads: number): object {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    // Errors only.
    logSeverityLevel: 3,
    // Between runs the threads would spin, and there are several sessions.
    extra: { session: { force_spinning_stop: "1" } },
  };
}

/**
 * Runs graphs, each in a session made when it is first asked for and kept. A run is synchronous inside,
 * whatever its promise says: it stands in the way of everything else on this thread until it is done.
 */
export class Runner {
  readonly #runtime: OnnxRuntime;
  readonly #threads: number;
  readonly #sessions = new Map<string, Promise<Session>>();
  /** The keys of sessions, of graphs that are asked for again and again. */
  readonly #keys = new WeakMap<Graph, string>();
  readonly #running = new Set<Promise<unknown>>();
  #disposed = false;

  constructor(runtime: OnnxRuntime, threads: number) {
    this.#runtime = runtime;
    this.#threads = threads;
  }

  /** Runs `graph`; the result is written to the storage of `output`. */
  async run(graph: Graph, inputs: Record<string, Operand>, output: Operand): Promise<void> {
    const session = await this.#session(graph);
    this.#requireOpen();
    const tensor = ({ data, shape }: Operand) =>
      new this.#runtime.Tensor(graph.precision, data, shape);
    const feeds = Object.fromEntries(
      Object.keys(graph.inputs).map((name) => [name, tensor(inputs[name]!)]),
    );
    const run = session.run(feeds, { [graph.output[0]]: tensor(output) });
    this.#running.add(run);
    try {
      await run;
    } finally {
      this.#running.delete(run);
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await Promise.allSettled(this.#running);
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    for (const session of sessions) {
      if (session.status === "fulfilled") await session.value.release();
    }
  }

  #session(graph: Graph): Promise<Session> {
    this.#requireOpen();
    const key = this.#keys.get(graph) ?? JSON.stringify(graph);
    this.#keys.set(graph, key);
    const known = this.#sessions.get(key);
    if (known) return known;
    const session = this.#runtime.InferenceSession.create(
      modelOf(graph),
      sessionOptions(this.#threads),
    );
    this.#sessions.set(key, session);
    return session;
  }

  #requireOpen(): void {
    if (this.#disposed) throw new Error('Cannot compute in engine "onnx": it is disposed');
  }
}
