import type { Program } from "../../../tensor/index.ts";

/**
 * Operations of one run of a program: 2·m·k·n for a product [m, k]·[k, n], and what an entry costs
 * otherwise in the time of so many, as memory is slower than arithmetic.
 */
export function operationsOf({ inputs, steps }: Program): number {
  const shapes = [...inputs, ...steps.map(({ shape }) => shape)];
  const entry = 8;
  let sum = 0;
  for (const [rows, columns] of inputs) sum += entry * rows * columns;
  for (const step of steps) {
    const [rows, columns] = step.shape;
    if (step.kind === "product")
      sum += 2 * rows * columns * shapes[step.a]![step.transposeA ? 0 : 1];
    else sum += entry * rows * columns;
  }
  return Math.max(1, sum);
}
