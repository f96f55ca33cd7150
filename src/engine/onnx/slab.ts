import type { Chain, Matrix, Precision } from "../../tensor/index.ts";
import { numbers, transpose } from "../../tensor/index.ts";
import { exponentOf, largest, scale } from "../chain/exponent.ts";
import type { StepSizes } from "../chain/steps.ts";
import type { RemoteRunner } from "./remote.ts";

/** Bytes a slab may take; a store that is not yet written to costs the machine nothing. */
const slabBytes = 2 ** 25;
/** Chains of a slab at most. */
const most = 256;

/** One weight of every chain of a slab, one below the other. */
export interface Stack {
  /** Number of the runner's store. */
  readonly store: number;
  /** Of one chain. */
  readonly shape: readonly [rows: number, columns: number];
}

export interface StepStacks {
  readonly left: Stack;
  readonly right?: Stack;
  readonly down?: Stack;
}

/**
 * Room for a number of chains of one architecture, weight by weight, so that chains loaded one after
 * the other are a batch without being copied again.
 */
export class Slab {
  readonly steps: readonly StepSizes[];
  readonly precision: Precision;
  readonly stacks: readonly StepStacks[];
  /** Exponents taken out of the weights of each step: [slot, step]. */
  readonly exponents: Int32Array;
  /** Bytes of one chain. */
  readonly bytes: number;
  readonly #free: boolean[];
  readonly #runner: RemoteRunner;

  constructor(runner: RemoteRunner, steps: readonly StepSizes[], precision: Precision) {
    this.#runner = runner;
    this.steps = steps;
    this.precision = precision;
    const size = precision === "float64" ? 8 : 4;
    const shapes = steps.map((step, i) => shapesOf(step, i === steps.length - 1));
    this.bytes = shapes.flat().reduce((sum, [rows, columns]) => sum + rows * columns * size, 0);
    const capacity = Math.max(1, Math.min(most, Math.floor(slabBytes / Math.max(1, this.bytes))));
    this.stacks = shapes.map((own) => {
      const [left, right, down] = own.map((shape) => ({
        shape,
        store: runner.store(precision, capacity * shape[0] * shape[1]),
      }));
      return { left: left!, ...(right && down ? { right, down } : {}) };
    });
    this.exponents = new Int32Array(capacity * steps.length);
    this.#free = Array(capacity).fill(true);
  }

  get full(): boolean {
    return !this.#free.includes(true);
  }

  get empty(): boolean {
    return !this.#free.includes(false);
  }

  /** Copies a chain into the first free slot, a power of two taken out of each weight. */
  put(chain: Chain): number {
    const slot = this.#free.indexOf(true);
    this.#free[slot] = false;
    chain.steps.forEach((step, i) => {
      const { left, right, down } = this.stacks[i]!;
      let exponent = 0;
      if (step.kind === "linear") {
        exponent = this.#write(step.weight, left, slot);
      } else if (right && down) {
        const last = i === chain.steps.length - 1;
        exponent =
          this.#write(step.left, left, slot) +
          this.#write(step.right, right, slot) +
          this.#write(last ? transpose(step.down) : step.down, down, slot);
      }
      this.exponents[slot * this.steps.length + i] = exponent;
    });
    return slot;
  }

  remove(slot: number): void {
    this.#free[slot] = true;
  }

  /** Gives the stores back. */
  drop(): void {
    for (const { left, right, down } of this.stacks) {
      for (const stack of [left, right, down]) if (stack) this.#runner.drop(stack.store);
    }
  }

  /** Copies a weight to its place, and returns the exponent of two taken out of it. */
  #write(weight: Matrix, { store, shape }: Stack, slot: number): number {
    const size = shape[0] * shape[1];
    const exponent = exponentOf(largest(weight.data));
    const data = numbers(size, this.precision);
    scale(weight.data, -exponent, data);
    this.#runner.write(store, slot * size, data);
    return exponent;
  }
}

/** Shapes of the weights of a step; the last `down` is kept transposed, see stepGraph. */
function shapesOf({ kind, inputs, hidden, outputs }: StepSizes, last: boolean): [number, number][] {
  if (kind === "linear") return [[outputs, inputs]];
  const down: [number, number] = last ? [hidden, outputs] : [outputs, hidden];
  return [[hidden, inputs], [hidden, inputs], down];
}
