import type { Engine, EngineInfo, Matrix } from "../../tensor/index.ts";
import { matrix, numbers } from "../../tensor/index.ts";
import { productOf } from "../product.ts";

const info: EngineInfo = {
  name: "reference",
  precisions: ["float64", "float32"],
  threads: 1,
  deterministic: true,
};

/**
 * The engine everything else is tested against: plain loops, nothing fused. Sums run over the inner
 * index in ascending order in float64, also for float32 operands, whose result is rounded once.
 */
export function referenceEngine(): Engine {
  return {
    info,
    async gemm(a, b, options = {}): Promise<Matrix> {
      const { rows, inner, columns, precision } = productOf(info, a, b, options);
      const [rowA, innerA] = options.transposeA ? [1, rows] : [inner, 1];
      const [innerB, columnB] = options.transposeB ? [1, inner] : [columns, 1];
      const product = numbers(rows * columns, precision);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) {
            sum += a.data[i * rowA + k * innerA]! * b.data[k * innerB + j * columnB]!;
          }
          product[i * columns + j] = sum;
        }
      }
      return matrix(rows, columns, product);
    },
    async dispose() {},
  };
}
