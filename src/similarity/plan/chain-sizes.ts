import type { StepSizes } from "../../engine/index.ts";
import { type ChainPlan, dInOf, dOutOf, type Network } from "../../model/index.ts";

/**
 * The sizes of the steps that `chainOf(network, plan)` has, told from the shapes alone: nothing is
 * multiplied or copied.
 *
 * @param network - checked, without attention
 */
export function chainSizes({ layers }: Network, plan: ChainPlan): readonly StepSizes[] {
  const one = plan.padded ? 1 : 0;
  const inputs = dInOf(layers[0]!);
  const outputs = dOutOf(layers.at(-1)!);
  const bilinear = layers.filter((layer) => layer.kind === "bilinear");
  const [first, last] = [bilinear[0], bilinear.at(-1)];
  if (!first || !last) return [linear(inputs + one, outputs)];
  const steps: StepSizes[] = [];
  if (plan.lead) steps.push(linear(inputs + one, dInOf(first) + one));
  for (const [k, layer] of bilinear.entries()) {
    const next = bilinear[k + 1];
    const from = layer === first && !plan.lead ? inputs : dInOf(layer);
    const to = next ? dInOf(next) : plan.head ? dOutOf(layer) : outputs;
    const through = plan.padded && layer.residual ? dInOf(layer) : 0;
    steps.push({
      kind: "bilinear",
      inputs: from + one,
      hidden: layer.left.shape[0] + one + through,
      outputs: to + one,
    });
  }
  if (plan.head) steps.push(linear(dOutOf(last) + one, outputs + one));
  // The constant is no output.
  const end = steps.pop()!;
  return [...steps, { ...end, outputs: end.outputs - one }];
}

function linear(inputs: number, outputs: number): StepSizes {
  return { kind: "linear", inputs, hidden: 0, outputs };
}
