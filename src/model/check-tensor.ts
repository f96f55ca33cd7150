import type { Matrix, Numbers } from "../tensor/index.ts";
import { ShapeError, sizeOf } from "../tensor/index.ts";

/**
 * @throws {ShapeError} when the matrix does not have the expected shape
 * @throws {RangeError} when an entry is NaN or infinite
 */
export function checkMatrix(found: Matrix, expected: readonly number[], name: string): void {
  if (found.shape.length !== 2 || found.shape.some((axis, k) => axis !== expected[k])) {
    throw new ShapeError(
      `Cannot use ${name}: expected shape ${shapeText(expected)}, found ${shapeText(found.shape)}`,
    );
  }
  if (found.shape.some((axis) => !Number.isInteger(axis) || axis < 1)) {
    throw new ShapeError(
      `Cannot use ${name}: expected axes of at least 1, found ${shapeText(found.shape)}`,
    );
  }
  if (found.data.length !== sizeOf(expected)) {
    throw new ShapeError(
      `Cannot use ${name}: expected ${sizeOf(expected)} numbers for shape ${shapeText(expected)}, found ${found.data.length}`,
    );
  }
  const bad = firstNonFinite(found.data);
  if (bad < 0) return;
  const [row, column] = [Math.floor(bad / expected[1]!), bad % expected[1]!];
  throw new RangeError(
    `Cannot use ${name}: expected finite numbers, found ${found.data[bad]} at [${row}, ${column}]`,
  );
}

/** As {@link checkMatrix}, for a bias that may be absent. */
export function checkBias(found: Numbers | undefined, expected: number, name: string): void {
  if (!found) return;
  if (found.length !== expected) {
    throw new ShapeError(`Cannot use ${name}: expected ${expected} numbers, found ${found.length}`);
  }
  const bad = firstNonFinite(found);
  if (bad < 0) return;
  throw new RangeError(
    `Cannot use ${name}: expected finite numbers, found ${found[bad]} at [${bad}]`,
  );
}

function firstNonFinite(data: Numbers): number {
  // x − x is 0 for finite x alone, and a sum of zeros is had four numbers at a time.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = data.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += data[i]! - data[i]!;
    b += data[i + 1]! - data[i + 1]!;
    c += data[i + 2]! - data[i + 2]!;
    d += data[i + 3]! - data[i + 3]!;
  }
  for (let i = whole; i < data.length; i++) a += data[i]! - data[i]!;
  return a + b + c + d === 0 ? -1 : data.findIndex((entry: number) => !Number.isFinite(entry));
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
