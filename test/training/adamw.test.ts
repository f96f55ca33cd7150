import { expect, test } from "vitest";
import { AdamW } from "../../src/training/adamw.ts";

test("two steps by hand", () => {
  const w = Float64Array.of(1);
  const optimiser = new AdamW(w, {
    learningRate: 0.125,
    weightDecay: 0.5,
    betas: [0.5, 0.5],
    epsilon: 1,
  });
  // m = 2, v = 8; corrected by 1 − 1/2: 4 and 16; w = 1·(1 − 1/16) − 1/8 · 4/(4 + 1).
  optimiser.step(Float64Array.of(4));
  expect(w[0]).toBeCloseTo(0.9375 - 0.1, 15);
  // m = 1 − 2 = −1, v = 4 + 8 = 12; corrected by 1 − 1/4: −4/3 and 16.
  optimiser.step(Float64Array.of(-4));
  expect(w[0]).toBeCloseTo(0.8375 * 0.9375 + 0.125 * (4 / 3 / 5), 15);
});

test("with PyTorch's defaults the first step is the learning rate against the gradient's sign", () => {
  const w = Float64Array.of(0, 0, 2);
  new AdamW(w, { learningRate: 1e-3, weightDecay: 0 }).step(Float64Array.of(7, -1e-3, 0));
  expect(w[0]).toBeCloseTo(-1e-3, 11);
  expect(w[1]).toBeCloseTo(1e-3 * (1e-3 / (1e-3 + 1e-8)), 12);
  expect(w[2]).toBe(2);
});

test("weight decay is decoupled: it shrinks a weight without a gradient by η λ", () => {
  const w = Float64Array.of(8);
  const optimiser = new AdamW(w, { learningRate: 0.25, weightDecay: 2 });
  optimiser.step(Float64Array.of(0));
  expect(w[0]).toBe(4);
});
