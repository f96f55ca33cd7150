import type { Chain, ChainStep } from "../../tensor/index.ts";
import { ShapeError } from "../../tensor/index.ts";

/** Sizes of one step of a chain. */
export interface StepSizes {
  readonly kind: ChainStep["kind"];
  readonly inputs: number;
  /** Hidden units of a bilinear step; 0 for a linear one. */
  readonly hidden: number;
  readonly outputs: number;
}

/**
 * The sizes of every step of a chain, checked against each other.
 *
 * @throws {ShapeError} when there is no step or shapes do not fit
 */
export function stepsOf(chain: Chain): readonly StepSizes[] {
  if (chain.steps.length === 0) {
    throw new ShapeError("Cannot load a chain: expected at least one step, found none");
  }
  const sizes = chain.steps.map(sizesOf);
  for (let i = 1; i < sizes.length; i++) {
    const expected = sizes[i - 1]!.outputs;
    const found = sizes[i]!.inputs;
    if (found !== expected) {
      throw new ShapeError(
        `Cannot load step ${i + 1} of a chain: expected ${expected} inputs (the outputs of step ${i}), found ${found}`,
      );
    }
  }
  return sizes;
}

function sizesOf(step: ChainStep, index: number): StepSizes {
  if (step.kind === "linear") {
    const [outputs, inputs] = step.weight.shape;
    return { kind: "linear", inputs, hidden: 0, outputs };
  }
  const [hidden, inputs] = step.left.shape;
  const [outputs, columns] = step.down.shape;
  if (step.right.shape[0] !== hidden || step.right.shape[1] !== inputs) {
    throw new ShapeError(
      `Cannot load step ${index + 1} of a chain: expected left and right of one shape, found [${step.left.shape.join(", ")}] and [${step.right.shape.join(", ")}]`,
    );
  }
  if (columns !== hidden) {
    throw new ShapeError(
      `Cannot load step ${index + 1} of a chain: expected down with ${hidden} columns (the hidden units), found [${step.down.shape.join(", ")}]`,
    );
  }
  return { kind: "bilinear", inputs, hidden, outputs };
}

/**
 * Checks that two chains can be paired: the same kinds of steps in order, the same inputs and outputs.
 * Hidden and wire sizes may differ.
 *
 * @throws {ShapeError} when they cannot
 */
export function requirePairable(a: readonly StepSizes[], b: readonly StepSizes[]): void {
  const differ = (what: string, expected: number | string, found: number | string) => {
    if (expected !== found) {
      throw new ShapeError(`Cannot pair two chains: expected ${what} ${expected}, found ${found}`);
    }
  };
  differ("steps", kinds(a), kinds(b));
  differ("inputs", a[0]!.inputs, b[0]!.inputs);
  differ("outputs", a.at(-1)!.outputs, b.at(-1)!.outputs);
}

function kinds(steps: readonly StepSizes[]): string {
  return steps.map((step) => step.kind).join(", ");
}

/**
 * Floating-point operations of the recursion of one pair, as the engines run it:
 * bilinear 4·(2 m_a m_b d_a) + 2 m_a m_b o (+ 2·(2 m_b d_b d_a) through the metric of an earlier step,
 * + 2 o_a o_b m_a to the metric of a later one), linear 2 d_a d_b o and so on.
 */
export function flopsOf(
  a: readonly StepSizes[],
  b: readonly StepSizes[],
  symmetrise: boolean,
): number {
  let flops = 0;
  a.forEach((s, i) => {
    const t = b[i]!;
    const first = i === 0;
    const last = i === a.length - 1;
    if (s.kind === "linear") {
      if (!first) flops += 2 * t.outputs * t.inputs * s.inputs;
      flops += 2 * s.outputs * s.inputs * (last ? 1 : t.outputs);
    } else {
      if (!first) flops += 4 * t.hidden * t.inputs * s.inputs;
      flops += (symmetrise ? 8 : 4) * s.hidden * t.hidden * s.inputs;
      flops += 2 * t.outputs * t.hidden * s.hidden;
      flops += 2 * s.outputs * s.hidden * (last ? 1 : t.outputs);
    }
  });
  return flops;
}
