import type { BilinearLayer } from "../model/index.ts";
import { type Matrix, matrix, type Numbers } from "../tensor/index.ts";
import { type Unit, unitsOf } from "./units.ts";

/** The sides of k hidden units over (1, x), bias first: [k, 1 + dIn]; and the down they share. */
export interface Sides {
  readonly left: Matrix;
  readonly right: Matrix;
  /** [dOut] */
  readonly down: Numbers;
}

/**
 * Groups of two or more hidden units of a layer whose down vectors are multiples of each other, to
 * rounding; units with a down of 0 are in none.
 */
export function parallelUnits(layer: BilinearLayer): number[][] {
  const groups: { readonly down: Numbers; readonly units: number[] }[] = [];
  for (const [h, { down }] of unitsOf(layer).entries()) {
    if (down.every((entry) => entry === 0)) continue;
    const group = groups.find((one) => multiple(down, one.down) !== undefined);
    if (group) group.units.push(h);
    else groups.push({ down, units: [h] });
  }
  return groups.map(({ units }) => units).filter(({ length }) => length > 1);
}

/**
 * The chosen units with the down of the first, what their own differ by moved to the left sides.
 *
 * @throws {RangeError} when they are not different units of the layer with parallel down vectors
 */
export function alignedUnits(
  act: string,
  units: readonly Unit[],
  chosen: readonly number[],
): Sides {
  const first = units[chosen[0] ?? -1];
  const rows = chosen.map((h, place) => {
    const unit = units[h];
    if (!first || !unit || chosen.indexOf(h) !== place) {
      throw new RangeError(
        `Cannot ${act}: expected different units from 0 to ${units.length - 1}, found ${chosen.join(", ")}`,
      );
    }
    const factor = multiple(unit.down, first.down);
    if (factor === undefined) {
      throw new RangeError(
        `Cannot ${act}: expected a down of unit ${h} that is a multiple of that of unit ${chosen[0]}, found another direction`,
      );
    }
    return {
      left: [unit.leftBias, ...unit.left].map((entry) => factor * entry),
      right: [unit.rightBias, ...unit.right],
    };
  });
  if (!first) throw new RangeError(`Cannot ${act}: expected at least 1 unit, found none`);
  const table = (side: "left" | "right") =>
    matrix(
      rows.length,
      1 + first.left.length,
      rows.flatMap((row) => row[side]),
    );
  return { left: table("left"), right: table("right"), down: first.down };
}

/** The factor with a = factor · b to rounding; undefined when there is none, or either is 0. */
function multiple(a: Numbers, b: Numbers): number | undefined {
  let [ab, bb, largest] = [0, 0, 0];
  for (let o = 0; o < a.length; o++) {
    ab += a[o]! * b[o]!;
    bb += b[o]! * b[o]!;
    largest = Math.max(largest, Math.abs(a[o]!));
  }
  const factor = ab / bb;
  const parallel = a.every((entry, o) => Math.abs(entry - factor * b[o]!) <= 1e-13 * largest);
  return parallel && factor !== 0 ? factor : undefined;
}
