import type { Matrix, Numbers, ProgramTask } from "../../../tensor/index.ts";
import type { Held } from "../../program/held.ts";
import type { Feed } from "./graph.ts";

/** Rows as long as this are copied as a whole: shorter ones sooner number by number. */
const long = 96;

/** Copies what a graph needs of each task into `target`, one after the other; only once if it is shared. */
export function gather(feed: Feed, tasks: readonly ProgramTask[], target: Numbers): void {
  const { input, shape, shared } = feed;
  const size = shape[0] * shape[1];
  const count = shared ? 1 : tasks.length;
  for (let t = 0; t < count; t++) {
    const block = tasks[t]!.inputs[input]!;
    const before = tasks[t - 1]?.inputs[input];
    const again =
      before?.of === block.of && before.row === block.row && before.column === block.column;
    if (again) {
      target.copyWithin(t * size, (t - 1) * size, t * size);
    } else {
      const { content } = block.of as Held<Matrix>;
      copy(content, block.row + feed.row, block.column + feed.column, feed, target, t * size);
    }
  }
}

function copy(
  { shape: [, width], data }: Matrix,
  row: number,
  column: number,
  { shape: [rows, columns], form }: Feed,
  target: Numbers,
  at: number,
): void {
  for (let i = 0; i < rows; i++) {
    const from = (row + i) * width + column;
    if (form === "columns") {
      for (let j = 0; j < columns; j++) target[at + j * rows + i] = data[from + j]!;
    } else if (columns >= long) {
      target.set(data.subarray(from, from + columns), at + i * columns);
    } else {
      for (let j = 0; j < columns; j++) target[at + i * columns + j] = data[from + j]!;
    }
  }
}
