import type { Matrix, Numbers, ProgramTask } from "../../../tensor/index.ts";
import type { Held } from "../../program/held.ts";
import type { Feed } from "./graph.ts";

/** Rows as long as this are copied as a whole: shorter ones sooner number by number. */
const long = 32;

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
  const begin = row * width + column;
  let i = 0;
  if (form === "columns") {
    // Four rows at a time, so that what is written lies side by side.
    for (; i + 3 < rows; i += 4) {
      let a = begin + i * width;
      let b = a + width;
      let c = b + width;
      let d = c + width;
      for (let j = 0, to = at + i; j < columns; j++, to += rows) {
        target[to] = data[a++]!;
        target[to + 1] = data[b++]!;
        target[to + 2] = data[c++]!;
        target[to + 3] = data[d++]!;
      }
    }
  }
  for (; i < rows; i++) {
    const from = begin + i * width;
    if (form === "columns") {
      for (let j = 0; j < columns; j++) target[at + j * rows + i] = data[from + j]!;
    } else if (columns >= long) {
      target.set(data.subarray(from, from + columns), at + i * columns);
    } else {
      for (let j = 0; j < columns; j++) target[at + i * columns + j] = data[from + j]!;
    }
  }
}
