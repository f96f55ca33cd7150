import type { EngineInfo, GemmOptions, Matrix, Precision } from "../tensor/index.ts";
import { precisionOf, ShapeError } from "../tensor/index.ts";

/** Sizes of a product op(A)·op(B): [rows, inner]·[inner, columns] → [rows, columns]. */
export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly precision: Precision;
}

/**
 * The sizes of op(a)·op(b), checked for `engine`.
 *
 * @throws {ShapeError} when the inner sizes differ
 * @throws {TypeError} when the operands differ in precision
 * @throws {RangeError} when the engine lacks the precision
 */
export function productOf(
  engine: EngineInfo,
  a: Matrix,
  b: Matrix,
  { transposeA = false, transposeB = false }: GemmOptions = {},
): Product {
  const rows = a.shape[transposeA ? 1 : 0];
  const inner = a.shape[transposeA ? 0 : 1];
  const innerB = b.shape[transposeB ? 1 : 0];
  const columns = b.shape[transposeB ? 0 : 1];
  if (inner !== innerB) {
    throw new ShapeError(
      `Cannot multiply [${rows}, ${inner}] by [${innerB}, ${columns}]: expected equal inner sizes, found ${inner} and ${innerB}`,
    );
  }
  const precision = precisionOf(a.data);
  if (precisionOf(b.data) !== precision) {
    throw new TypeError(
      `Cannot multiply matrices of two precisions: expected ${precision} twice, found ${precision} and ${precisionOf(b.data)}`,
    );
  }
  requirePrecision(engine, precision);
  return { rows, inner, columns, precision };
}

/** @throws {RangeError} when the engine lacks the precision */
export function requirePrecision(engine: EngineInfo, precision: Precision): void {
  if (engine.precisions.includes(precision)) return;
  throw new RangeError(
    `Cannot compute in engine "${engine.name}": expected ${engine.precisions.join(" or ")}, found ${precision}`,
  );
}
