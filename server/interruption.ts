import { parentPort } from "node:worker_threads";

/** Exit status of a process ended by these signals, by the shell's convention. */
export const stopStatus = { SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof stopStatus;

/** Milliseconds that work which was stopped may take to put things away. */
const patience = 20;

/**
 * Does work that Ctrl+C (SIGINT) or SIGTERM stops, in the main thread or in the one that a command runs
 * in. Its signal aborts; work that does not end at once is left where it is, so what it writes must be
 * whole at every moment.
 *
 * @returns what the work gives, or 130 or 143 when it was stopped
 */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const controller = new AbortController();
  let status: number | undefined;
  const stop = (name: StopSignal): void => {
    status = stopStatus[name];
    controller.abort();
    setTimeout(() => process.exit(status), patience).unref();
  };
  const ignore = listen(stop);
  try {
    const done = await work(controller.signal);
    return status ?? done;
  } catch (error) {
    if (status === undefined) throw error;
    return status;
  } finally {
    ignore();
  }
}

/** Hears signals: its own, or those that the main thread passes on. Returns what ends that. */
function listen(stop: (name: StopSignal) => void): () => void {
  if (parentPort) {
    const port = parentPort;
    port.once("message", stop);
    return () => {
      port.off("message", stop);
      port.unref();
    };
  }
  const names = Object.keys(stopStatus) as StopSignal[];
  const hear = (name: NodeJS.Signals): void => stop(name as StopSignal);
  for (const name of names) process.once(name, hear);
  return () => {
    for (const name of names) process.off(name, hear);
  };
}
