import { describe, expect, test } from "vitest";
import type { Engine, Matrix, Precision } from "../../../src/tensor/index.ts";
import { matrix, numbers } from "../../../src/tensor/index.ts";
import { floats, integers } from "./chains.ts";

function drawn(rows: number, columns: number, precision: Precision, draw: () => number): Matrix {
  const data = numbers(rows * columns, precision);
  for (let i = 0; i < data.length; i++) data[i] = draw();
  return matrix(rows, columns, data);
}

/** op(a)·op(b), entry by entry, in float64. */
function product(a: Matrix, transposeA: boolean, b: Matrix, transposeB: boolean): Matrix {
  const at = (x: Matrix, transpose: boolean, i: number, j: number) =>
    x.data[transpose ? j * x.shape[1] + i : i * x.shape[1] + j]!;
  const rows = a.shape[transposeA ? 1 : 0];
  const inner = a.shape[transposeA ? 0 : 1];
  const columns = b.shape[transposeB ? 0 : 1];
  const c = matrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < inner; k++) {
        c.data[i * columns + j]! += at(a, transposeA, i, k) * at(b, transposeB, k, j);
      }
    }
  }
  return c;
}

/** What every engine's `gemm` does. */
export function gemmSuite(
  open: () => Promise<Engine>,
  precisions: readonly Precision[] = ["float64", "float32"],
): void {
  const transposes = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));
  const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 37];

  describe.for(precisions)("%s", (precision) => {
    async function compare(m: number, n: number, k: number, draw: () => number) {
      const engine = await open();
      const pairs = [];
      for (const [transposeA, transposeB] of transposes) {
        const a = transposeA ? drawn(k, m, precision, draw) : drawn(m, k, precision, draw);
        const b = transposeB ? drawn(n, k, precision, draw) : drawn(k, n, precision, draw);
        const found = await engine.gemm(a, b, { transposeA, transposeB });
        pairs.push({ found, expected: product(a, transposeA, b, transposeB) });
      }
      return pairs;
    }

    test("products of small integers are exact for every transposition and odd sizes", async () => {
      for (const [i, m] of sizes.entries()) {
        for (const [j, n] of sizes.entries()) {
          const k = sizes[(i * 5 + j * 7) % sizes.length]!;
          for (const { found, expected } of await compare(m, n, k, integers(i * 100 + j, 8))) {
            expect(found.shape).toEqual([m, n]);
            expect(found.data.constructor).toBe(numbers(0, precision).constructor);
            expect(Array.from(found.data)).toEqual(Array.from(expected.data));
          }
        }
      }
    });

    test.for([
      [0, 3, 2],
      [3, 0, 2],
      [3, 2, 0],
      [0, 0, 0],
    ] as const)("axes of no length: [%d, k]·[k, %d], k = %d", async ([m, n, k]) => {
      // What an earlier product left behind must not be seen.
      await compare(9, 9, 9, () => 1);
      for (const { found, expected } of await compare(m, n, k, () => 1)) {
        expect(found.shape).toEqual([m, n]);
        expect(Array.from(found.data)).toEqual(Array.from(expected.data));
      }
    });

    test.for([
      [130, 150, 40],
      [6, 5, 700],
      [20, 3, 257],
    ] as const)("larger products agree to rounding: [%d, k]·[k, %d], k = %d", async ([m, n, k]) => {
      const tolerance = (precision === "float64" ? 1e-15 : 3e-7) * k;
      for (const { found, expected } of await compare(m, n, k, floats(m))) {
        let worst = 0;
        for (let i = 0; i < m * n; i++) {
          worst = Math.max(worst, Math.abs(found.data[i]! - expected.data[i]!));
        }
        expect(worst).toBeLessThan(tolerance);
      }
    });
  });

  describe("errors", () => {
    const [precision] = precisions as [Precision];
    const zeros = (rows: number, columns: number, of: Precision = precision) =>
      matrix(rows, columns, numbers(rows * columns, of));

    test("inner sizes that differ, after the transpositions", async () => {
      const engine = await open();
      await expect(engine.gemm(zeros(2, 3), zeros(4, 5))).rejects.toMatchObject({
        name: "ShapeError",
        message: "Cannot multiply [2, 3] by [4, 5]: expected equal inner sizes, found 3 and 4",
      });
      await expect(engine.gemm(zeros(2, 3), zeros(3, 5), { transposeA: true })).rejects.toThrow(
        "Cannot multiply [3, 2] by [3, 5]",
      );
    });

    test("operands of two precisions", async () => {
      const other = precision === "float64" ? "float32" : "float64";
      await expect((await open()).gemm(zeros(2, 2), zeros(2, 2, other))).rejects.toThrow(
        `Cannot multiply matrices of two precisions: expected ${precision} twice, found ${precision} and ${other}`,
      );
    });

    test.runIf(precisions.length === 1)("a precision the engine lacks", async () => {
      const engine = await open();
      const other = precision === "float64" ? "float32" : "float64";
      await expect(engine.gemm(zeros(2, 2, other), zeros(2, 2, other))).rejects.toMatchObject({
        name: "RangeError",
        message: `Cannot compute in engine "${engine.info.name}": expected ${precision}, found ${other}`,
      });
    });
  });
}
