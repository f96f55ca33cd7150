import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { PortEvents, Workers } from "../wasm/spawn.ts";

/** What a browser gives a worker: `self` with `onmessage` and `postMessage`. */
const browserLike = `
const { parentPort } = require("node:worker_threads");
globalThis.self = { postMessage: (message, transfer) => parentPort.postMessage(message, transfer) };
parentPort.on("message", (data) => self.onmessage({ data }));
`;

/** Workers of `node:worker_threads`; idle ones do not keep the process alive. */
export const nodeWorkers: Workers = {
  threads: availableParallelism(),
  spawn(source: string, events: PortEvents) {
    // Nothing of the parent's loaders, flags and environment concerns a worker that only computes.
    const worker = new Worker(browserLike + source, { eval: true, execArgv: [], env: {} });
    let over = false;
    const failed = (error: Error) => {
      if (over) return;
      over = true;
      events.failed(error);
    };
    worker.on("message", (data) => events.message(data));
    worker.on("error", failed);
    worker.on("messageerror", failed);
    worker.on("exit", (code) => failed(new Error(`Worker ended with code ${code}`)));
    worker.unref();
    return {
      post: (message, transfer = []) => worker.postMessage(message, transfer),
      hold: (held) => (held ? worker.ref() : worker.unref()),
      async terminate() {
        over = true;
        await worker.terminate();
      },
    };
  },
};
