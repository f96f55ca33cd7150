import type { Matrix } from "../tensor/index.ts";
import { matrix, Random } from "../tensor/index.ts";
import type { BilinearLayer, Network } from "./network.ts";

/** Sizes of a bilinear layer and the seed of its weights. */
export interface RandomBilinear {
  readonly dIn: number;
  readonly dHidden: number;
  readonly dOut: number;
  /** A whole number; the same seed gives the same weights on every machine. Default 0. */
  readonly seed?: number;
}

/**
 * A network of one bilinear layer x ↦ D(Lx ⊙ Rx) with independent normal weights: left and right
 * [dHidden, dIn] of variance 1/dIn, down [dOut, dHidden] of variance 1/dHidden, no biases, no residual.
 *
 * @throws {RangeError} when a size is not a whole number of at least 1
 */
export function randomBilinear(sizes: RandomBilinear): Network {
  for (const name of ["dIn", "dHidden", "dOut"] as const) {
    if (Number.isInteger(sizes[name]) && sizes[name] >= 1) continue;
    throw new RangeError(
      `Cannot make a bilinear layer: expected ${name} to be a whole number of at least 1, found ${sizes[name]}`,
    );
  }
  const random = new Random(sizes.seed ?? 0);
  const layer: BilinearLayer = {
    kind: "bilinear",
    left: normalMatrix(random, sizes.dHidden, sizes.dIn),
    right: normalMatrix(random, sizes.dHidden, sizes.dIn),
    down: normalMatrix(random, sizes.dOut, sizes.dHidden),
  };
  return { layers: [layer] };
}

/** Entries N(0, 1/columns), so that a unit-variance input gives a unit-variance output. */
function normalMatrix(random: Random, rows: number, columns: number): Matrix {
  const scale = 1 / Math.sqrt(columns);
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal() * scale),
  );
}
