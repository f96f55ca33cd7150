import { expect, test } from "vitest";
import { formTiling, weightsOf } from "../../../src/engine/onnx/form-blocks.ts";

const step = (inputs: number, outputs: number) =>
  ({ kind: "bilinear", inputs, hidden: 3, outputs }) as const;

test.for([
  [784, 10, 83886],
  [784, 1, 1e9],
  [40, 113, 5000],
  [300, 4, 700],
  [1, 1, 1],
] as const)(
  "blocks of %d inputs and %d outputs in room for %d numbers count each entry as often as it is there",
  ([inputs, outputs, room]) => {
    const tiling = formTiling(step(inputs, outputs), room);
    const counts = new Float64Array(inputs * inputs);
    for (const block of tiling.blocks) {
      const { row, rows, column, columns } = block;
      const weights = weightsOf(block);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          counts[(row + i) * inputs + column + j]! += weights ? weights[i * columns + j]! : 2;
        }
      }
      if (room > 1024) expect(tiling.outputs * rows * columns).toBeLessThanOrEqual(room);
    }
    const expected = counts.map((_, k) => 1 + Math.sign((k % inputs) - Math.floor(k / inputs)));
    expect(counts).toEqual(expected);
  },
);

test("outputs are taken together as far as there is room, in parts of about one size", () => {
  expect(formTiling(step(784, 10), 1e9).outputs).toBe(10);
  expect(formTiling(step(784, 10), 9 * 32 * 512).outputs).toBe(5);
  expect(formTiling(step(784, 10), 100).outputs).toBe(1);
});
