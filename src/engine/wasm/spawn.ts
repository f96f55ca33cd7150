/** A worker as the engine sees it. */
export interface Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Whether the worker keeps the process alive: while it has something to do. */
  hold(held: boolean): void;
  /** Ends the worker at once; fulfils when it computes no more. */
  terminate(): Promise<void>;
}

/** What a worker that was started tells. */
export interface PortEvents {
  /** The worker posted something. */
  message(data: unknown): void;
  /** The worker ended by itself or could not be started; nothing follows. */
  failed(error: Error): void;
}

/** Starts a worker that runs `source`, a classic script that answers `message` events on `self`. */
export type Spawn = (source: string, events: PortEvents) => Port;

/** How this environment starts workers, and how many threads it can run at once. */
export interface Workers {
  readonly spawn: Spawn;
  readonly threads: number;
}

let provided: Workers | undefined;

/** Tells the engines how workers are started where there is no global `Worker`, as in Node. */
export function provideWorkers(workers: Workers): void {
  provided = workers;
}

/** The workers of this environment: those provided, else the browser's, else none. */
export function workersHere(): Workers | undefined {
  if (provided) return provided;
  if (typeof Worker === "undefined" || typeof Blob === "undefined") return undefined;
  return { spawn: spawnInBrowser, threads: navigator.hardwareConcurrency || 1 };
}

/** Milliseconds a terminated Web Worker may run on: Chromium stops its code after two seconds. */
const grace = 3000;

function spawnInBrowser(source: string, events: PortEvents): Port {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onmessage = ({ data }) => events.message(data);
  worker.onerror = ({ message }) => {
    worker.terminate();
    events.failed(new Error(message ? `Worker failed: ${message}` : "Worker could not be started"));
  };
  worker.onmessageerror = () => events.failed(new Error("Worker could not read a message"));
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    hold() {},
    terminate() {
      worker.terminate();
      URL.revokeObjectURL(url);
      return new Promise((resolve) => setTimeout(resolve, grace));
    },
  };
}
