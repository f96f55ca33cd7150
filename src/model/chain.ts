import type { Chain, ChainStep, Matrix } from "../tensor/index.ts";
import { identity, matrix, product } from "../tensor/index.ts";
import type { ChainPlan } from "./chain-plan.ts";
import type { Network } from "./network.ts";
import { paddedStep, topStep } from "./step.ts";

/**
 * A network as the recursion sees it: `[input map] bilinear … bilinear [output map]`, all other linear
 * maps multiplied into their neighbours, which does not change any inner product. On the padded wire the
 * constant coordinate is dropped from the outputs.
 *
 * @param network - checked, see {@link checkNetwork}
 */
export function chainOf(network: Network, plan: ChainPlan): Chain {
  const steps = folded(network.layers.map(plan.padded ? paddedStep : topStep), plan);
  if (plan.padded) steps.push(withoutConstant(steps.pop()!));
  return { steps };
}

type Bilinear = Extract<ChainStep, { kind: "bilinear" }>;

function folded(steps: readonly ChainStep[], plan: ChainPlan): ChainStep[] {
  const first = steps.findIndex((step) => step.kind === "bilinear");
  const last = steps.findLastIndex((step) => step.kind === "bilinear");
  if (first < 0) return [linear(composed(steps)!)];

  const chain: Bilinear[] = [];
  const input = composed(steps.slice(0, first));
  const output = composed(steps.slice(last + 1));
  for (const step of steps.slice(first, last + 1)) {
    if (step.kind === "bilinear") chain.push(step);
    else chain.push(writeThrough(chain.pop()!, step.weight));
  }
  if (input && !plan.lead) chain[0] = readThrough(chain[0]!, input);
  if (output && !plan.head) chain.push(writeThrough(chain.pop()!, output));
  const dIn = chain[0]!.left.shape[1];
  const dOut = chain.at(-1)!.down.shape[0];
  return [
    ...(plan.lead ? [linear(input ?? identity(dIn))] : []),
    ...chain,
    ...(plan.head ? [linear(output ?? identity(dOut))] : []),
  ];
}

/** The linear steps among these as one map, the first applied first; undefined when there are none. */
function composed(steps: readonly ChainStep[]): Matrix | undefined {
  return steps
    .flatMap((step) => (step.kind === "linear" ? [step.weight] : []))
    .reduce<Matrix | undefined>((map, weight) => (map ? product(weight, map) : weight), undefined);
}

function linear(weight: Matrix): ChainStep {
  return { kind: "linear", weight };
}

/** The bilinear step that first applies `input`: L ← L W, R ← R W. */
function readThrough(step: Bilinear, input: Matrix): Bilinear {
  return { ...step, left: product(step.left, input), right: product(step.right, input) };
}

/** The bilinear step whose outputs go through `output`: D ← W D. */
function writeThrough(step: Bilinear, output: Matrix): Bilinear {
  return { ...step, down: product(output, step.down) };
}

/** The last step of a padded chain without its first output, the constant 1. */
function withoutConstant(step: ChainStep): ChainStep {
  return step.kind === "linear"
    ? { ...step, weight: withoutFirstRow(step.weight) }
    : { ...step, down: withoutFirstRow(step.down) };
}

function withoutFirstRow({ shape: [rows, columns], data }: Matrix): Matrix {
  return matrix(rows - 1, columns, data.slice(columns));
}
