import { expect, test } from "vitest";
import { referenceEngine } from "../../src/engine/index.ts";
import { matrix } from "../../src/tensor/index.ts";
import { gemmSuite } from "./support/gemm-suite.ts";

const engine = referenceEngine();

gemmSuite(async () => engine);

const a = matrix(2, 3, [1, 2, 3, 4, 5, 6]);
const b = matrix(3, 2, [1, 0, 2, -1, 0, 3]);
const aᵀ = matrix(3, 2, [1, 4, 2, 5, 3, 6]);
const bᵀ = matrix(2, 3, [1, 2, 0, 0, -1, 3]);
const ab = matrix(2, 2, [5, 7, 14, 13]);

test.for([
  { operands: [a, b], options: {} },
  { operands: [aᵀ, b], options: { transposeA: true } },
  { operands: [a, bᵀ], options: { transposeB: true } },
  { operands: [aᵀ, bᵀ], options: { transposeA: true, transposeB: true } },
] as const)("gemm(a, b, $options) is op(a)·op(b)", async ({ operands, options }) => {
  expect(await engine.gemm(...operands, options)).toEqual(ab);
});

test("gemm of float32 is the float64 sum rounded once", async () => {
  const ones = matrix(1, 3, Float32Array.of(1, 1, 1));
  const column = matrix(3, 1, Float32Array.of(2 ** 24, 1, 1));
  expect(await engine.gemm(ones, column)).toEqual(matrix(1, 1, Float32Array.of(2 ** 24 + 2)));
});
