import { Worker } from "node:worker_threads";
import { CheckpointPathError } from "./place.ts";
import type { CheckpointSaid, CheckpointWork } from "./work.ts";

/** The thread's script as it was built, also for what runs from the sources. */
const builtScript = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/checkpoints.js" : "./checkpoints.js",
  import.meta.url,
);

/** Threads that read at the same time at most. */
const mostThreads = 2;

let running = 0;

/**
 * Asks a question about checkpoints on a thread that ends with the answer.
 *
 * @param hear is told what the thread says, until the promise settles
 * @throws {CheckpointPathError} when too many read already
 * @throws {Error} when the thread failed
 * @throws the signal's reason when it aborts; the thread is ended then
 */
export function askThread(
  work: CheckpointWork,
  hear: (said: CheckpointSaid) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    if (running >= mostThreads) {
      return reject(
        new CheckpointPathError("Cannot read checkpoints: others are being read; try again soon"),
      );
    }
    running++;
    const worker = new Worker(builtScript, {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: 2048 },
    });
    const end = () => void worker.terminate();
    signal.addEventListener("abort", end, { once: true });
    worker.on("message", hear);
    worker.once("error", (error: Error) => {
      reject(new Error(`Cannot read checkpoints: ${error.message}`));
    });
    worker.once("exit", () => {
      running--;
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    });
  });
}
