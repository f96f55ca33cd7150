import { matrix } from "../tensor/index.ts";
import { eigenpairs } from "./decomposition.ts";
import { checkSimilarities, type Similarities } from "./similarities.ts";

/** Options of {@link classicalScaling}. */
export interface ScalingOptions {
  /** Number of coordinates. Default 2. */
  readonly dimensions?: number | undefined;
}

/** Checkpoints as points whose distances follow their similarities. */
export interface ClassicalScaling {
  readonly shape: readonly [n: number, dimensions: number];
  /** [n, dimensions]: coordinates, centred, the axis along which the points differ most first. */
  readonly data: Float64Array;
  /** [n]: variance along each axis times n, all n axes; some are negative when no such points exist. */
  readonly values: Float64Array;
  /** Share of Σ |values| that the coordinates show, 0 to 1: how much of the picture is true. */
  readonly shown: number;
  readonly steps?: readonly number[];
  readonly labels?: readonly string[];
}

/**
 * Classical scaling (Torgerson 1952): a similarity matrix as points in the plane, with squared distances
 *
 *     d²[i, j] = S[i, i] + S[j, j] − 2 S[i, j]        for cosines 2 (1 − S[i, j])
 *
 * The points are √λ_k v_k for the largest eigenvalues λ_k of J S J, J = I − 1/n: exact in n − 1 dimensions
 * when S is a Gram matrix, the closest inner products in the plane. An axis has no direction of its own:
 * it is turned so that its largest coordinate is positive.
 *
 * @param similarities - [n, n], e.g. of `similarityMatrix`
 * @throws {ShapeError} when the matrix is not square
 * @throws {RangeError} when an entry is not finite, the matrix is not symmetric, or `dimensions` is not a
 *   whole number from 1
 */
export function classicalScaling(
  similarities: Similarities,
  { dimensions = 2 }: ScalingOptions = {},
): ClassicalScaling {
  const n = checkSimilarities(similarities, "place a series in the plane");
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new RangeError(
      `Cannot place a series in ${dimensions} dimensions: expected a whole number of at least 1`,
    );
  }
  const { values, vectors } = eigenpairs(matrix(n, n, doublyCentred(similarities.data, n)));
  const order = Array.from(values.keys()).sort((i, j) => values[j]! - values[i]! || i - j);
  const shown = order.slice(0, dimensions).filter((k) => values[k]! > 0);
  const data = new Float64Array(n * dimensions);
  for (const [axis, k] of shown.entries()) {
    const scale = Math.sqrt(values[k]!);
    for (let i = 0; i < n; i++) data[i * dimensions + axis] = scale * vectors.data[k * n + i]!;
  }
  const whole = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const { steps, labels } = similarities;
  return {
    shape: [n, dimensions],
    data,
    values: Float64Array.from(order, (k) => values[k]!),
    shown: whole === 0 ? 1 : shown.reduce((sum, k) => sum + values[k]!, 0) / whole,
    ...(steps && { steps }),
    ...(labels && { labels }),
  };
}

/** J S J: S less the means of its rows and columns, symmetric to the last bit. */
function doublyCentred(data: Similarities["data"], n: number): Float64Array {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) means[i]! += (data[i * n + j]! + data[j * n + i]!) / (2 * n);
  }
  const mean = means.reduce((sum, entry) => sum + entry, 0) / n;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (data[i * n + j]! + data[j * n + i]!) / 2 - means[i]! - means[j]! + mean;
  });
}
