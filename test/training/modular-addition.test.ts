import { expect, test } from "vitest";
import { modularAddition } from "../../src/training/index.ts";

test("modulo 3, every pair is an example: two places and the sum", () => {
  const task = modularAddition(3);
  const examples = Array.from({ length: task.examples }, (_, i) => [
    task.places[2 * i],
    task.places[2 * i + 1],
    task.labels[i],
  ]);
  expect(examples).toEqual([
    [0, 3, 0],
    [0, 4, 1],
    [0, 5, 2],
    [1, 3, 1],
    [1, 4, 2],
    [1, 5, 0],
    [2, 3, 2],
    [2, 4, 0],
    [2, 5, 1],
  ]);
  expect(task).toMatchObject({ name: "modular-addition", parameters: { p: 3 } });
  expect([task.inputs, task.classes]).toEqual([6, 3]);
});

test.for([1, 2.5, 5000, Number.NaN])("modulo %d is refused", (p) => {
  expect(() => modularAddition(p)).toThrow(
    new RangeError(
      `Cannot make modular addition: expected a whole modulus from 2 to 4096, found ${p}`,
    ),
  );
});
