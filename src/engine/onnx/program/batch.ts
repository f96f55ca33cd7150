import type { Precision, Program } from "../../../tensor/index.ts";
import type { ProgramGraph } from "./graph.ts";

/** Bytes of inputs and intermediate results that stay in the cache. */
const cached = 6e6;
/** Operations of a run at most: some tens of milliseconds, the step in which a run can be stopped. */
const longest = 4e9;
const most = 256;

/** How many tasks a graph is to compute at once. */
export function tasksAtOnce(
  { inputs, steps }: Program,
  { feeds, width }: ProgramGraph,
  precision: Precision,
): number {
  const shapes = [...inputs, ...steps.map(({ shape }) => shape)];
  let gathered = width;
  for (const { shape, shared } of feeds) if (!shared) gathered += shape[0] * shape[1];
  let largest = 0;
  let operations = 1;
  for (const step of steps) {
    const [rows, columns] = step.shape;
    // Two operands and a result, of which some go on to be used.
    largest = Math.max(largest, 3 * rows * columns);
    if (step.kind !== "product") continue;
    operations += 2 * rows * columns * shapes[step.a]![step.transposeA ? 0 : 1];
  }
  const bytes = (gathered + largest) * (precision === "float64" ? 8 : 4);
  const fit = Math.min(cached / bytes, longest / operations, most);
  return Math.max(1, Math.floor(fit));
}
