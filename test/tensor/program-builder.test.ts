import { expect, test } from "vitest";
import { ProgramBuilder } from "../../src/tensor/index.ts";

test("a program lists its inputs, then a register for each step", () => {
  const p = new ProgramBuilder();
  const x = p.input(2, 3);
  const y = p.input(2, 3);
  const gram = p.product(x, y, { transposeB: true });
  expect(gram).toEqual({ index: 2, rows: 2, columns: 2 });
  expect(p.program(p.dot(gram, gram))).toEqual({
    inputs: [
      [2, 3],
      [2, 3],
    ],
    steps: [
      { kind: "product", shape: [2, 2], a: 0, b: 1, transposeA: false, transposeB: true },
      { kind: "dot", shape: [1, 1], a: 2, b: 2 },
    ],
    outputs: [3],
  });
});

test("shapes that do not fit are refused where they are written", () => {
  const p = new ProgramBuilder();
  const x = p.input(2, 3);
  const y = p.input(3, 2);
  expect(() => p.product(x, x)).toThrow(
    "Cannot multiply: expected equal inner sizes, found [3] and [2]",
  );
  for (const act of [p.hadamard, p.dot, p.rowDots]) {
    expect(() => act.call(p, x, y)).toThrow(
      "Cannot multiply entry by entry: expected equal shapes, found [2, 3] and [3, 2]",
    );
  }
  expect(() => p.sum(x, y)).toThrow("Cannot add: expected equal shapes, found [2, 3] and [3, 2]");
  expect(() => p.scale(x, y)).toThrow(
    "Cannot scale: expected equal shapes, found [1, 1] and [3, 2]",
  );
  expect(() => p.stack(x, y)).toThrow(
    "Cannot stack: expected equal inner sizes, found [3] and [2]",
  );
  expect(() => p.block(x, 1, 0, 2, 3)).toThrow(
    "Cannot take a block [2, 3] at [1, 0]: found a matrix of shape [2, 3]",
  );
  p.transpose(x);
  expect(() => p.input(1, 1)).toThrow("Cannot add an input after the first step");
});
