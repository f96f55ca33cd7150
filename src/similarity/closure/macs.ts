import type { Program } from "../../tensor/index.ts";

/** Multiplications in the products of one run of a program. */
export function macsOf({ inputs, steps }: Program): number {
  const shapes = [...inputs, ...steps.map(({ shape }) => shape)];
  let macs = 0;
  for (const step of steps) {
    if (step.kind !== "product") continue;
    const inner = shapes[step.a]![step.transposeA ? 0 : 1];
    macs += step.shape[0] * step.shape[1] * inner;
  }
  return macs;
}
