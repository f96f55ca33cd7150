import { Worker } from "node:worker_threads";
import type { CheckpointSaid, CheckpointWork } from "./work.ts";

/** The thread's script as it was built, also for what runs from the sources. */
const builtScript = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/checkpoints.js" : "./checkpoints.js",
  import.meta.url,
);

/** Threads that read at the same time at most; other questions wait for their turn. */
const mostThreads = 2;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Asks a question about checkpoints on a thread that ends with the answer.
 *
 * @param hear is told what the thread says, until the promise settles
 * @throws {Error} when the thread failed
 * @throws the signal's reason when it aborts; the thread is ended then
 */
export async function askThread(
  work: CheckpointWork,
  hear: (said: CheckpointSaid) => void,
  signal: AbortSignal,
): Promise<void> {
  if (running < mostThreads) running++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    signal.throwIfAborted();
    await runThread(work, hear, signal);
  } finally {
    const next = waiting.shift();
    // The next one takes the place of this one.
    if (next) next();
    else running--;
  }
}

function runThread(
  work: CheckpointWork,
  hear: (said: CheckpointSaid) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
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
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    });
  });
}
