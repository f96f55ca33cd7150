import type { Matrix } from "../../tensor/index.ts";

/** @throws {RangeError} when the matrix is not [width, width] */
export function checkGauge(act: string, { shape }: Matrix, width: number): void {
  if (shape[0] === width && shape[1] === width) return;
  throw new RangeError(
    `Cannot ${act}: expected a matrix of shape [${width}, ${width}], found [${shape[0]}, ${shape[1]}]`,
  );
}
