import { nodeWorkers } from "../../../src/engine/node/workers.ts";
import type { Spawn } from "../../../src/engine/wasm/spawn.ts";

/** What an engine has asked of its workers. */
export interface WorkerCounts {
  started: number;
  ended: number;
  /** Messages that have an id: tasks to be answered. */
  tasks: number;
}

/** Real workers, counted. */
export function countedWorkers(): { readonly spawn: Spawn; readonly count: WorkerCounts } {
  const count: WorkerCounts = { started: 0, ended: 0, tasks: 0 };
  const spawn: Spawn = (source, events) => {
    count.started++;
    const port = nodeWorkers.spawn(source, events);
    return {
      ...port,
      post: (message, transfer) => {
        if (typeof (message as { readonly id?: unknown }).id === "number") count.tasks++;
        port.post(message, transfer);
      },
      terminate: () => {
        count.ended++;
        return port.terminate();
      },
    };
  };
  return { spawn, count };
}
