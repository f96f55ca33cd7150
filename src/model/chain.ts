import type { Chain, ChainStep, Matrix } from "../tensor/index.ts";
import { identity, matrix, product, scaled } from "../tensor/index.ts";
import type { ChainPlan } from "./chain-plan.ts";
import type { Network } from "./network.ts";
import { paddedStep, topStep } from "./step.ts";

/** A network as a chain of matrices, with the powers of two that were taken out of them. */
export interface ScaledChain {
  /** Every matrix has its largest entry in [1, 2), so that no precision over- or underflows early. */
  readonly chain: Chain;
  /** The network is 2^exponent times the chain; scaling by powers of two rounds nothing. */
  readonly exponent: number;
}

/**
 * A network as the recursion sees it: `[input map] bilinear … bilinear [output map]`, all other linear
 * maps multiplied into their neighbours, which does not change any inner product. On the padded wire the
 * constant coordinate is dropped from the outputs.
 *
 * @param network - checked, see {@link checkNetwork}
 */
export function chainOf(network: Network, plan: ChainPlan): ScaledChain {
  const steps = folded(network.layers.map(plan.padded ? paddedStep : topStep), plan);
  if (plan.padded) steps.push(withoutConstant(steps.pop()!));
  let exponent = 0;
  const normal = steps.map((step): ChainStep => {
    if (step.kind === "linear") {
      const [weight, power] = normalised(step.weight);
      exponent += power;
      return linear(weight);
    }
    const [left, powerLeft] = normalised(step.left);
    const [right, powerRight] = normalised(step.right);
    const [down, powerDown] = normalised(step.down);
    exponent = 2 * exponent + powerLeft + powerRight + powerDown;
    return { kind: "bilinear", left, right, down };
  });
  return { chain: { steps: normal }, exponent };
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

/** The matrix over the power of two of its largest entry, and that power; a zero matrix stays. */
function normalised(a: Matrix): readonly [Matrix, power: number] {
  let largest = 0;
  for (const entry of a.data) largest = Math.max(largest, Math.abs(entry));
  // 2^±1000 at most, so that the factor itself is neither 0 nor infinite.
  const power = largest === 0 ? 0 : Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
  if (power === 0) return [a, 0];
  return [scaled(a, 2 ** -power), power];
}
