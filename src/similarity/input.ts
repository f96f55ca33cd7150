import type { Substitution } from "../model/index.ts";
import { identity, type Matrix, matrix, type Numbers, ShapeError } from "../tensor/index.ts";
import type { Provenance } from "./provenance.ts";

/** Inputs x ~ N(mean, covariance), each position of an input by itself; for metrics that are expectations. */
export interface InputDistribution {
  /** [dIn]; default 0. */
  readonly mean?: Numbers | readonly number[] | undefined;
  /** [dIn, dIn], symmetric, no negative eigenvalue; may be singular. Default the identity. */
  readonly covariance?: Matrix | undefined;
}

/** The metrics that are expectations over inputs. */
const expectations: readonly Provenance["metric"][] = [
  "gaussian",
  "closure",
  "exact gaussian",
  "monte carlo",
];

/**
 * Inputs x ~ N(mean, covariance) as x = mean + factor·w with w ~ N(0, I); undefined for N(0, I).
 *
 * @throws {RangeError} when the metric does not look at inputs, a number is not finite, or the covariance
 *   is not one
 * @throws {ShapeError} when mean or covariance do not have dIn entries a side
 */
export function substitutionOf(
  input: InputDistribution | undefined,
  dIn: number,
  metric: Provenance["metric"],
): Substitution | undefined {
  if (!input) return undefined;
  if (!expectations.includes(metric)) {
    throw new RangeError(
      `Cannot use an input distribution with metric "${metric}": expected one of ${expectations.join(", ")}`,
    );
  }
  const mean = Float64Array.from(input.mean ?? new Float64Array(dIn));
  if (mean.length !== dIn) {
    throw new ShapeError(`Cannot use an input mean: expected ${dIn} numbers, found ${mean.length}`);
  }
  checkFinite(mean, "mean");
  const { covariance } = input;
  if (!covariance) return { mean, factor: identity(dIn) };
  if (covariance.shape.some((axis) => axis !== dIn)) {
    throw new ShapeError(
      `Cannot use an input covariance: expected shape [${dIn}, ${dIn}], found [${covariance.shape.join(", ")}]`,
    );
  }
  checkFinite(covariance.data, "covariance");
  return { mean, factor: factorOf(covariance) };
}

function checkFinite(data: Numbers, name: string): void {
  for (const entry of data) {
    if (Number.isFinite(entry)) continue;
    throw new RangeError(`Cannot use an input ${name}: expected finite numbers, found ${entry}`);
  }
}

/**
 * C [d, rank] with C Cᵀ = A: the Cholesky factor with the largest pivot taken first, so that a singular
 * A (a constant input) needs no special case. What remains below d·2⁻⁵² of the largest variance is
 * rounding.
 *
 * @throws {RangeError} when A is not symmetric or has a negative eigenvalue
 */
function factorOf(a: Matrix): Matrix {
  const size = a.shape[0];
  const rest = Float64Array.from(a.data);
  const scale = largest(rest);
  const rounding = size * 2 ** -52 * scale;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(rest[i * size + j]! - rest[j * size + i]!) <= 1e-12 * scale) continue;
      throw new RangeError(
        `Cannot use an input covariance: expected a symmetric matrix, found ${rest[i * size + j]} at [${i}, ${j}] and ${rest[j * size + i]} at [${j}, ${i}]`,
      );
    }
  }
  const columns: Float64Array[] = [];
  for (let rank = 0; rank < size; rank++) {
    let pivot = 0;
    for (let i = 1; i < size; i++) {
      if (rest[i * size + i]! > rest[pivot * size + pivot]!) pivot = i;
    }
    const variance = rest[pivot * size + pivot]!;
    if (variance <= rounding) break;
    const root = Math.sqrt(variance);
    const column = Float64Array.from({ length: size }, (_, i) => rest[i * size + pivot]! / root);
    columns.push(column);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) rest[i * size + j]! -= column[i]! * column[j]!;
    }
  }
  // Nothing but rounding may remain: a negative eigenvalue leaves entries no pivot explains.
  const left = largest(rest);
  if (left > 1e-10 * scale) {
    throw new RangeError(
      `Cannot use an input covariance: expected no negative eigenvalue, found a part of size ${left} that no variance explains`,
    );
  }
  const factor = matrix(size, columns.length || 1);
  for (const [k, column] of columns.entries()) {
    for (let i = 0; i < size; i++) factor.data[i * columns.length + k] = column[i]!;
  }
  return factor;
}

function largest(data: Float64Array): number {
  let size = 0;
  for (const entry of data) size = Math.max(size, Math.abs(entry));
  return size;
}
