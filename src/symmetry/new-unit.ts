import type { BilinearLayer } from "../model/index.ts";
import type { Unit } from "./units.ts";

/** A hidden unit to add: left, right [dIn], down [dOut], biases 0 unless given. */
export interface NewUnit {
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  readonly down: ArrayLike<number>;
  readonly leftBias?: number;
  readonly rightBias?: number;
}

/** @throws {RangeError} when a side has not dIn entries or down has not dOut */
export function unitOf(act: string, unit: NewUnit, { left, down }: BilinearLayer): Unit {
  const entries = (found: ArrayLike<number>, expected: number, name: string): Float64Array => {
    if (found.length === expected) return Float64Array.from(found);
    throw new RangeError(
      `Cannot ${act}: expected ${name} of ${expected} entries, found ${found.length}`,
    );
  };
  return {
    left: entries(unit.left, left.shape[1], "left"),
    right: entries(unit.right, left.shape[1], "right"),
    down: entries(unit.down, down.shape[0], "down"),
    leftBias: unit.leftBias ?? 0,
    rightBias: unit.rightBias ?? 0,
  };
}
