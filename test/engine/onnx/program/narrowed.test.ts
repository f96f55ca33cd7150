import fc from "fast-check";
import { expect, test } from "vitest";
import { narrowed } from "../../../../src/engine/onnx/program/narrowed.ts";
import { matrix, ProgramBuilder } from "../../../../src/tensor/index.ts";
import { largestEntry, outputsOf, programs } from "../../support/programs.ts";

test("a product used in blocks is made of blocks of its operands, and these likewise", () => {
  const p = new ProgramBuilder();
  const [v, m] = [p.input(6, 3), p.input(3, 3)];
  const y = p.product(p.product(v, m), v, { transposeB: true });
  const part = (row: number, column: number) => p.block(y, row, column, 3, 3);
  const sum = p.hadamard(part(0, 3), part(3, 0));
  const { steps } = narrowed(p.program(p.hadamard(sum, part(0, 3))), 9);
  const products = steps.filter(({ kind }) => kind === "product");
  expect(products.map(({ shape }) => shape)).toEqual(Array(4).fill([3, 3]));
  // Blocks of inputs only.
  for (const step of steps) if (step.kind === "block") expect(step.of).toBe(0);
  const large = narrowed(p.program(sum), 10).steps.filter(({ kind }) => kind === "product");
  expect(large.map(({ shape }) => shape)).toEqual([
    [6, 3],
    [6, 6],
  ]);
});

test("blocks that overlap, and a product used as a whole as well, stay copies", () => {
  const p = new ProgramBuilder();
  const x = p.input(4, 4);
  const y = p.product(x, x);
  const overlapping = p.hadamard(p.block(y, 0, 0, 3, 3), p.block(y, 1, 1, 3, 3));
  const z = p.product(x, y);
  const program = p.program(overlapping, p.block(z, 0, 0, 2, 2), z);
  expect(narrowed(program, 1).steps).toEqual(program.steps);
});

test("any program gives the same narrowed", async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const inputs = program.inputs.map(([rows, columns], i) => {
        const data = Float64Array.from({ length: rows * columns }, (_, k) => (k * 7 + i) % 5);
        return matrix(
          rows,
          columns,
          data.map((entry) => entry - largestEntry),
        );
      });
      expect(await outputsOf(narrowed(program, 1), inputs)).toEqual(
        await outputsOf(program, inputs),
      );
    }),
  );
});
