import type { Chain, Matrix } from "../../../src/tensor/index.ts";
import { matrix } from "../../../src/tensor/index.ts";

/** x·yᵀ, entry by entry. */
function timesTransposed(x: Matrix, y: Matrix): Matrix {
  const product = matrix(x.shape[0], y.shape[0]);
  for (let i = 0; i < x.shape[0]; i++) {
    for (let j = 0; j < y.shape[0]; j++) {
      for (let k = 0; k < x.shape[1]; k++) {
        product.data[i * y.shape[0] + j]! +=
          x.data[i * x.shape[1] + k]! * y.data[j * y.shape[1] + k]!;
      }
    }
  }
  return product;
}

function transpose(x: Matrix): Matrix {
  const [rows, columns] = x.shape;
  const data = Array.from({ length: rows * columns }, (_, i) => {
    return x.data[(i % rows) * columns + Math.floor(i / rows)]!;
  });
  return matrix(columns, rows, data);
}

function identity(size: number): Matrix {
  return matrix(
    size,
    size,
    Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0)),
  );
}

/**
 * The diagonal of the last metric of a pair, by the recursion as it is written: the identity and the
 * whole output moment are formed, nothing is scaled.
 */
export function diagonal(a: Chain, b: Chain, symmetrise = true): number[] {
  const first = a.steps[0]!;
  let metric = identity((first.kind === "linear" ? first.weight : first.left).shape[1]);
  for (const [i, s] of a.steps.entries()) {
    const t = b.steps[i]!;
    // x G yᵀ
    const between = (x: Matrix, y: Matrix) =>
      timesTransposed(timesTransposed(x, transpose(metric)), y);
    if (s.kind === "linear" && t.kind === "linear") {
      metric = between(s.weight, t.weight);
    } else if (s.kind === "bilinear" && t.kind === "bilinear") {
      const ll = between(s.left, t.left).data;
      const rr = between(s.right, t.right).data;
      const lr = between(s.left, t.right).data;
      const rl = between(s.right, t.left).data;
      const kernel = ll.map((_, k) =>
        symmetrise ? (ll[k]! * rr[k]! + lr[k]! * rl[k]!) / 2 : ll[k]! * rr[k]!,
      );
      metric = matrix(s.left.shape[0], t.left.shape[0], kernel);
      metric = between(s.down, t.down);
    } else throw new TypeError("expected chains of the same kinds of steps");
  }
  const [outputs, columns] = metric.shape;
  return Array.from({ length: outputs }, (_, o) => metric.data[o * columns + o]!);
}
