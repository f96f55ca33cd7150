import type { Task } from "./task.ts";

/**
 * (a + b) mod p for all p² pairs, as in arXiv 2605.15183: the input is the one-hot of a beside the
 * one-hot of b (ones at a and p + b, length 2p), the label is the sum. Example a·p + b is the pair (a, b).
 *
 * @throws {RangeError} when p is not a whole number from 2 to 4096
 */
export function modularAddition(p: number): Task {
  if (!Number.isInteger(p) || p < 2 || p > 4096) {
    throw new RangeError(
      `Cannot make modular addition: expected a whole modulus from 2 to 4096, found ${p}`,
    );
  }
  const examples = p * p;
  const places = new Uint32Array(2 * examples);
  const labels = new Uint32Array(examples);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      const example = a * p + b;
      places[2 * example] = a;
      places[2 * example + 1] = p + b;
      labels[example] = (a + b) % p;
    }
  }
  return {
    name: "modular-addition",
    parameters: { p },
    inputs: 2 * p,
    classes: p,
    examples,
    places,
    labels,
  };
}
