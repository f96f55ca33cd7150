import { expect, test } from "vitest";
import { matrix } from "../../src/tensor/index.ts";
import { crossEntropy } from "../../src/training/cross-entropy.ts";

const examples = Uint32Array.of(1, 0);
const labels = Uint32Array.of(2, 0);

test("equal scores: ln n for each row; the gradient is (1/n − [j = label]) / rows", () => {
  const scores = matrix(2, 4, [5, 5, 5, 5, -1, -1, -1, -1]);
  // Example 1 has label 0 (the first of equals: right), example 0 has label 2.
  expect(crossEntropy(scores, labels, examples, true)).toEqual({
    loss: 2 * Math.log(4),
    correct: 1,
  });
  expect([...scores.data]).toEqual([-0.375, 0.125, 0.125, 0.125, 0.125, 0.125, -0.375, 0.125]);
});

test("without a gradient the scores are kept", () => {
  const scores = matrix(1, 2, [Math.log(3), 0]);
  const { loss, correct } = crossEntropy(scores, Uint32Array.of(1), Uint32Array.of(0), false);
  expect(loss).toBeCloseTo(Math.log(4), 14);
  expect(correct).toBe(0);
  expect([...scores.data]).toEqual([Math.log(3), 0]);
});

test("scores far apart neither overflow nor lose the loss", () => {
  const scores = matrix(2, 2, [1e4, 0, -1e4, 1e4]);
  const { loss } = crossEntropy(scores, Uint32Array.of(1, 1), Uint32Array.of(0, 1), true);
  expect(loss).toBe(1e4);
  [0.5, -0.5, 0, 0].forEach((value, i) => {
    expect(scores.data[i]).toBeCloseTo(value, 15);
  });
});
