import { Worker, workerData } from "node:worker_threads";
import { type StopSignal, stopStatus } from "./interruption.ts";

/** Commands that may compute for long at one go: in a thread of their own, Ctrl+C is heard meanwhile. */
export const computing: ReadonlySet<string> = new Set(["similarity", "matrix", "audit", "inspect"]);

/** Milliseconds that a thread which was told to stop may take before the process ends under it. */
const patience = 35;

/** What a thread cannot see of the terminal it writes to. */
interface Terminal {
  readonly output: Pick<NodeJS.WriteStream, "columns" | "isTTY">;
  readonly errors: Pick<NodeJS.WriteStream, "columns" | "isTTY">;
}

/**
 * Runs a command line in a thread of its own, which starts the built command anew; this thread passes
 * signals on.
 *
 * @returns the exit status
 */
export async function inThread(args: readonly string[]): Promise<number> {
  const [output, errors] = [process.stdout, process.stderr].map(({ columns, isTTY }) => ({
    columns,
    isTTY,
  }));
  const worker = new Worker(new URL("./cli.js", import.meta.url), {
    argv: [...args],
    workerData: { output, errors },
  });
  for (const name of Object.keys(stopStatus) as StopSignal[]) {
    process.once(name, () => {
      worker.postMessage(name);
      setTimeout(() => {
        // Nothing of a progress bar is left behind.
        if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
        process.exit(stopStatus[name]);
      }, patience).unref();
    });
  }
  return new Promise((resolve) => {
    worker.once("error", (error) => {
      console.error(error);
      resolve(1);
    });
    worker.once("exit", resolve);
  });
}

/** Tells this thread's streams of the terminal that the main thread writes to for them. */
export function takeTerminal(): void {
  const { output, errors } = workerData as Terminal;
  Object.assign(process.stdout, output);
  Object.assign(process.stderr, errors);
}
