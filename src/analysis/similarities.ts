import { type Matrix, ShapeError } from "../tensor/index.ts";

/** A similarity matrix [n, n], or any symmetric matrix of numbers for pairs, with what is known of its axis. */
export interface Similarities extends Matrix {
  readonly steps?: readonly number[];
  readonly labels?: readonly string[];
}

/**
 * @param act - what messages say cannot be done
 * @returns n
 * @throws {ShapeError} when the matrix is not square or empty
 * @throws {RangeError} when an entry is not finite (a slice that is undefined) or the matrix is not symmetric
 */
export function checkSimilarities({ shape, data }: Similarities, act: string): number {
  const [n] = shape;
  if (shape[1] !== n || n < 1 || data.length !== n * n) {
    throw new ShapeError(
      `Cannot ${act}: expected a square matrix of at least 1 row, found [${shape.join(", ")}]`,
    );
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [entry, mirrored] = [data[i * n + j]!, data[j * n + i]!];
      if (!Number.isFinite(entry)) {
        throw new RangeError(
          `Cannot ${act}: expected finite similarities, found ${entry} at [${i}, ${j}]`,
        );
      }
      if (Math.abs(entry - mirrored) <= 1e-6 * Math.max(1, Math.abs(entry))) continue;
      throw new RangeError(
        `Cannot ${act}: expected a symmetric matrix, found ${entry} at [${i}, ${j}] and ${mirrored} at [${j}, ${i}]`,
      );
    }
  }
  return n;
}
