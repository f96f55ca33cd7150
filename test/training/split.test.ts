import { expect, test } from "vitest";
import { Random } from "../../src/tensor/index.ts";
import { modularAddition, splitExamples } from "../../src/training/index.ts";

const task = modularAddition(113);

test("70 % held out of 12,769 pairs are 8,938, and no pair is in both parts or in none", () => {
  const { train, validation } = splitExamples(task, 0.7, new Random(1));
  expect([train.length, validation.length]).toEqual([3831, 8938]);
  expect([...train, ...validation].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 12_769 }, (_, i) => i),
  );
});

test("the seed decides the split", () => {
  const of = (seed: number): Uint32Array => splitExamples(task, 0.7, new Random(seed)).train;
  expect(of(1)).toEqual(of(1));
  const first = new Set(of(1));
  // Two independent 30 % parts share 30 % of their members.
  const shared = of(2).filter((example) => first.has(example)).length / first.size;
  expect(shared).toBeGreaterThan(0.26);
  expect(shared).toBeLessThan(0.34);
});

test.for([0, 1, 1e-9, -1, Number.NaN])("holding out a fraction of %d is refused", (heldOut) => {
  expect(() => splitExamples(task, heldOut, new Random(1))).toThrow(
    `Cannot split 12769 examples of modular-addition: expected a held-out fraction that leaves both parts something, found ${heldOut}`,
  );
});
