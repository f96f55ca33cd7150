import { turn } from "../pause.ts";
import { instantiate, type Kernels } from "./kernels.ts";
import type { Port, Spawn } from "./spawn.ts";
import type { Answer, CallsTask, PairsTask, ProgramTask, Start, Task } from "./task.ts";

/** Milliseconds of a program after which the event loop is given a turn. */
const patience = 15;

/** A worker that is none: it computes on this thread, each task in a turn of the event loop of its own. */
export const inlineSpawn: Spawn = (_source, events): Port => {
  let memory: WebAssembly.Memory;
  let kernels: Kernels;
  let ended = false;
  let before = Promise.resolve();

  const pairs = ({ id, kernel, a, bs, symmetrise, room, outputs }: PairsTask): Answer => {
    const slices = new Float64Array(bs.length * outputs);
    const exponents = new Int32Array(bs.length);
    bs.forEach((b, k) => {
      exponents[k] = kernels[kernel](a, b, symmetrise, ...room);
      slices.set(new Float64Array(memory.buffer, room.at(-1), outputs), k * outputs);
    });
    return { id, slices, exponents };
  };

  const calls = ({ id, kernel, calls: all }: CallsTask): Answer => ({
    id,
    results: all.map((parameters) => kernels[kernel](...parameters)),
  });

  const program = async (task: ProgramTask): Promise<Answer | undefined> => {
    const { id, kernel, code, scratch, entries, table, step, results, bytes } = task;
    new Uint8Array(memory.buffer, table, entries.byteLength).set(new Uint8Array(entries));
    let since = performance.now();
    for (let at = 0; at < entries.byteLength; at += step) {
      kernels[kernel](code, scratch, table + at);
      if (performance.now() - since < patience) continue;
      await turn();
      if (ended) return undefined;
      since = performance.now();
    }
    return { id, results: memory.buffer.slice(results, results + bytes) as ArrayBuffer };
  };

  const compute = async (task: Task) => {
    await turn();
    if (ended) return;
    try {
      const answer =
        task.kind === "program"
          ? await program(task)
          : task.kind === "pairs"
            ? pairs(task)
            : calls(task);
      if (answer) events.message(answer);
    } catch (error) {
      events.message({ id: task.id, error: String(error) });
    }
  };

  return {
    post(message) {
      const order = message as Required<Start> | Task;
      if (order.kind !== "start") {
        before = before.then(() => compute(order));
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
