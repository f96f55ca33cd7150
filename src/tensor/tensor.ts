/** Float format of a computation. Everything is `"float64"` unless asked otherwise. */
export type Precision = "float64" | "float32";

/** Flat storage of a tensor, row-major. */
export type Numbers = Float64Array | Float32Array;

/** Numbers in a shape, row-major: entry [i, j] of shape [m, n] is `data[i * n + j]`. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** A tensor of rank 2: shape [rows, columns]. */
export interface Matrix extends Tensor {
  readonly shape: readonly [rows: number, columns: number];
}

/** Thrown when shapes do not fit each other; the message names both. */
export class ShapeError extends TypeError {
  override readonly name = "ShapeError";
}

/** Number of entries of a shape: the product of its axes, 1 for the empty shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, 1);
}

/** Zeros, [length]. */
export function numbers(length: number, precision: Precision = "float64"): Numbers {
  return precision === "float64" ? new Float64Array(length) : new Float32Array(length);
}

/** The precision in which `data` [any length] is stored. */
export function precisionOf(data: Numbers): Precision {
  return data instanceof Float64Array ? "float64" : "float32";
}

/**
 * A matrix of shape [rows, columns] over `data` (kept, not copied); zeros when `data` is absent.
 *
 * @throws {ShapeError} when `data` does not hold rows × columns numbers
 */
export function matrix(rows: number, columns: number, data?: Numbers | readonly number[]): Matrix {
  const flat =
    data === undefined
      ? new Float64Array(rows * columns)
      : Array.isArray(data)
        ? Float64Array.from(data)
        : (data as Numbers);
  if (flat.length !== rows * columns) {
    throw new ShapeError(
      `Cannot make a matrix of shape [${rows}, ${columns}]: expected ${rows * columns} numbers, found ${flat.length}`,
    );
  }
  return { shape: [rows, columns], data: flat };
}

/**
 * The identity matrix [size, size].
 *
 * @throws {RangeError} when the size is no length of an array
 */
export function identity(size: number): Matrix {
  const eye = matrix(size, size);
  for (let i = 0; i < size; i++) eye.data[i * size + i] = 1;
  return eye;
}
