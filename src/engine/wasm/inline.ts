import { instantiate, type Kernels } from "./kernels.ts";
import type { Port, Spawn } from "./spawn.ts";
import { perform, type Start, type Task } from "./task.ts";

/** A worker that is none: it computes on this thread, each task in a turn of the event loop of its own. */
export const inlineSpawn: Spawn = (_source, events): Port => {
  let memory: WebAssembly.Memory;
  let kernels: Kernels;
  let ended = false;
  const compute = (task: Task) => {
    if (ended) return;
    try {
      events.message(perform(kernels, memory, task));
    } catch (error) {
      events.message({ id: task.id, error: String(error) });
    }
  };
  return {
    post(message) {
      const order = message as Required<Start> | Task;
      if (order.kind === "task") {
        setTimeout(compute, 0, order);
      } else if (order.memory) {
        memory = order.memory;
        kernels = instantiate(order.module, memory);
      }
    },
    hold() {},
    async terminate() {
      ended = true;
    },
  };
};
