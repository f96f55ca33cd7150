import type { Random } from "../tensor/index.ts";
import type { Task } from "./task.ts";

/** Examples of a task, by number: those trained on and those held out. Together all, none twice. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/**
 * Holds out round(heldOut · examples) examples drawn at random for validation. Both parts ascend.
 *
 * @throws {RangeError} when either part would be empty
 */
export function splitExamples(task: Task, heldOut: number, random: Random): Split {
  const count = Math.round(heldOut * task.examples);
  if (!(count >= 1 && count < task.examples)) {
    throw new RangeError(
      `Cannot split ${task.examples} examples of ${task.name}: expected a held-out fraction that leaves both parts something, found ${heldOut}`,
    );
  }
  const order = Uint32Array.from({ length: task.examples }, (_, example) => example);
  random.shuffle(order);
  return { train: order.slice(count).sort(), validation: order.slice(0, count).sort() };
}
