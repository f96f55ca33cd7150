/** Exit status of a process ended by these signals, by the shell's convention. */
const statuses = { SIGINT: 130, SIGTERM: 143 } as const;

/** Milliseconds that work which was stopped may take to put things away. */
const patience = 20;

/**
 * Does work that Ctrl+C (SIGINT) or SIGTERM stops. Its signal aborts; work that does not end at once is
 * left where it is, so what it writes must be whole at every moment.
 *
 * @returns what the work gives, or 130 or 143 when it was stopped
 */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const controller = new AbortController();
  let status: number | undefined;
  const names = Object.keys(statuses) as (keyof typeof statuses)[];
  const stop = (name: NodeJS.Signals): void => {
    status = statuses[name as keyof typeof statuses];
    controller.abort();
    setTimeout(() => process.exit(status), patience).unref();
  };
  for (const name of names) process.once(name, stop);
  try {
    const done = await work(controller.signal);
    return status ?? done;
  } catch (error) {
    if (status === undefined) throw error;
    return status;
  } finally {
    for (const name of names) process.off(name, stop);
  }
}
