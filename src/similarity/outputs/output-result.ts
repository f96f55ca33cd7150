import { type Matrix, matrix, ShapeError, type Tensor } from "../../tensor/index.ts";
import { algorithm, type Provenance } from "../provenance.ts";
import { loops } from "../weights/weight-pairing.ts";

/** Comparisons of what two networks do on the same inputs. */
export type OutputMetric =
  | "output cosine (mean)"
  | "output cosine (global)"
  | "linear CKA"
  | "JS divergence of predictions"
  | "agreement";

/** A number that compares outputs. It says nothing of inputs that were not tried. */
export interface OutputResult extends Omit<Provenance, "metric"> {
  readonly metric: OutputMetric;
  readonly value: number;
  /** Number of inputs the outputs are of, each position counted where they have positions. */
  readonly inputs: number;
}

/** The result for a number computed from outputs in plain loops. */
export function outputResult(metric: OutputMetric, value: number, inputs: number): OutputResult {
  return {
    metric,
    value,
    inputs,
    exact: true,
    exactFor: "the inputs that were tried, and only those",
    precision: "float64",
    engine: loops,
    algorithm,
    slice: null,
  };
}

/**
 * Outputs as tables, one input a row; where outputs have positions, one position of one input a row.
 *
 * @param columns - whether the numbers of columns must agree as well
 * @throws {ShapeError} when the shapes do not fit each other or hold nothing
 * @throws {RangeError} when an entry is NaN or infinite
 */
export function tablesOf(a: Tensor, b: Tensor, columns: boolean): readonly [a: Matrix, b: Matrix] {
  const [expected, found] = [a, b].map(({ shape }) =>
    (columns ? shape : shape.slice(0, -1)).join(),
  );
  if (expected !== found || a.shape.length !== b.shape.length) {
    throw new ShapeError(
      `Cannot compare outputs: expected equal ${columns ? "shapes" : "numbers of rows"}, found [${a.shape.join(", ")}] and [${b.shape.join(", ")}]`,
    );
  }
  return [tableOf(a), tableOf(b)];
}

function tableOf({ shape, data }: Tensor): Matrix {
  const columns = shape.at(-1)!;
  if (shape.length < 2 || data.length === 0) {
    throw new ShapeError(
      `Cannot compare outputs: expected at least 1 row and 1 column, found [${shape.join(", ")}]`,
    );
  }
  const bad = data.findIndex((entry) => !Number.isFinite(entry));
  if (bad >= 0) {
    const [row, column] = [Math.floor(bad / columns), bad % columns];
    throw new RangeError(
      `Cannot compare outputs: expected finite numbers, found ${data[bad]} at [${row}, ${column}]`,
    );
  }
  return matrix(data.length / columns, columns, data);
}

/** Row `index` of a matrix; shares its memory. */
export function rowOf({ shape: [, columns], data }: Matrix, index: number): Matrix["data"] {
  return data.subarray(index * columns, (index + 1) * columns);
}

/** The matrix over the power of two at its largest entry, so that no product leaves the range of float64. */
export function inRange({ shape, data }: Matrix): Matrix {
  let largest = 0;
  for (const entry of data) largest = Math.max(largest, Math.abs(entry));
  if (largest === 0) return { shape, data };
  // In two steps: the power that undoes a subnormal number is itself out of range.
  const half = 2 ** -Math.floor(Math.log2(largest) / 2);
  const rest = 2 ** -(Math.floor(Math.log2(largest)) - Math.floor(Math.log2(largest) / 2));
  return { shape, data: Float64Array.from(data, (entry) => entry * half * rest) };
}
