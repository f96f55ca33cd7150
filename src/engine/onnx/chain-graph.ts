import type { Precision } from "../../tensor/index.ts";
import type { StepSizes } from "../chain/steps.ts";
import { stepGraph } from "./graphs.ts";
import type { Graph, Operation } from "./model.ts";

/**
 * The whole recursion of a chain a with a batch of chains b as one graph, nothing rescaled between its
 * steps: the graphs of {@link stepGraph} one after the other, names of step i with i in front.
 */
export function chainGraph(
  a: readonly StepSizes[],
  b: readonly StepSizes[],
  precision: Precision,
  symmetrise: boolean,
): Graph {
  const inputs: Record<string, number> = {};
  const constants: Record<string, readonly number[]> = {};
  const operations: Operation[] = [];
  let metric = "";
  for (const [i, s] of a.entries()) {
    const t = b[i]!;
    const last = i === a.length - 1;
    const step = stepGraph(s, t, { precision, symmetrise, first: i === 0, last });
    const named = (name: string) => (name === "metric" ? metric : `${i}${name}`);
    for (const [name, rank] of Object.entries(step.inputs)) {
      if (name !== "metric") inputs[named(name)] = rank;
    }
    for (const [name, values] of Object.entries(step.constants)) constants[named(name)] = values;
    for (const { inputs: operands, output, ...operation } of step.operations) {
      operations.push({ ...operation, inputs: operands.map(named), output: named(output) });
    }
    metric = named(step.output[0]);
    if (last || step.output[1] === 3) continue;
    // [n·rows, columns], to be the metric of the next step.
    const [flat, shape] = [metric, named("shape")];
    metric = named("metric3");
    constants[shape] = [-1, t.outputs, s.outputs];
    operations.push({ type: "Reshape", inputs: [flat, shape], output: metric });
  }
  return { precision, inputs, constants, operations, output: [metric, 2] };
}
