import type { Chain, ChainStep, Matrix } from "../../../src/tensor/index.ts";
import { matrix } from "../../../src/tensor/index.ts";

/** Uniform numbers in [0, 1) that are the same in every run. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sizes of a chain: inputs, then `[outputs]` of a linear or `[hidden, outputs]` of a bilinear step. */
export type Sizes = readonly [
  inputs: number,
  ...steps: (readonly [number] | readonly [number, number])[],
];

/** A chain of these sizes whose entries `draw` gives. */
export function chainOf([inputs, ...sizes]: Sizes, draw: () => number): Chain {
  const drawn = (rows: number, columns: number): Matrix =>
    matrix(rows, columns, Array.from({ length: rows * columns }, draw));
  let wire = inputs;
  const steps = sizes.map((size): ChainStep => {
    const columns = wire;
    wire = size.at(-1)!;
    if (size.length === 1) return { kind: "linear", weight: drawn(wire, columns) };
    const [hidden, outputs] = size;
    return {
      kind: "bilinear",
      left: drawn(hidden, columns),
      right: drawn(hidden, columns),
      down: drawn(outputs, hidden),
    };
  });
  return { steps };
}

/** Integers from −limit to limit. */
export function integers(seed: number, limit = 2): () => number {
  const next = uniform(seed);
  return () => Math.floor(next() * (2 * limit + 1)) - limit;
}

/** −1, 0 or 1, two thirds of them 0: sums of their products stay small. */
export function sparse(seed: number): () => number {
  const next = uniform(seed);
  return () => (Math.floor(next() * 6) === 0 ? -1 : Math.floor(next() * 5) === 0 ? 1 : 0);
}

/** Numbers from −1 to 1. */
export function floats(seed: number): () => number {
  const next = uniform(seed);
  return () => 2 * next() - 1;
}

/** Pairs of sizes of every form of chain, wires and hidden units differing between the two. */
export const pairsOfSizes: Record<string, readonly [Sizes, Sizes]> = {
  "one linear step": [
    [5, [3]],
    [5, [3]],
  ],
  "one bilinear step": [
    [7, [4, 3]],
    [7, [6, 3]],
  ],
  "a bilinear step with more outputs than one block": [
    [3, [5, 150]],
    [3, [2, 150]],
  ],
  "linear, bilinear": [
    [6, [5], [4, 3]],
    [6, [2], [7, 3]],
  ],
  "bilinear, linear": [
    [6, [4, 5], [3]],
    [6, [9, 2], [3]],
  ],
  "linear, bilinear, linear": [
    [9, [5], [6, 4], [2]],
    [9, [3], [5, 7], [2]],
  ],
  "three linear steps": [
    [5, [4], [6], [9]],
    [5, [7], [2], [9]],
  ],
  "two bilinear steps": [
    [4, [3, 5], [2, 2]],
    [4, [5, 3], [4, 2]],
  ],
  "embedding, two layers, head": [
    [10, [6], [5, 6], [7, 3], [11]],
    [10, [4], [6, 5], [3, 8], [11]],
  ],
  "sizes of one": [
    [1, [1], [1, 1], [1]],
    [1, [1], [1, 1], [1]],
  ],
};
