import type { BilinearLayer, Layer, Network } from "../model/index.ts";
import { type Matrix, matrix, type Numbers } from "../tensor/index.ts";

/** A hidden unit of a bilinear layer: down · (left·x + leftBias)(right·x + rightBias). */
export interface Unit {
  /** [dIn] */
  readonly left: Numbers;
  /** [dIn] */
  readonly right: Numbers;
  /** [dOut] */
  readonly down: Numbers;
  readonly leftBias: number;
  readonly rightBias: number;
}

/**
 * The network with the hidden units of one bilinear layer replaced.
 *
 * @param layer - its index; undefined means the first bilinear one
 * @throws {RangeError} when there is no such layer
 */
export function withUnits(
  network: Network,
  layer: number | undefined,
  replace: (units: readonly Unit[], layer: BilinearLayer) => readonly Unit[],
): Network {
  const index = layer ?? network.layers.findIndex(({ kind }) => kind === "bilinear");
  const found = network.layers[index];
  if (found?.kind !== "bilinear") {
    throw new RangeError(
      layer === undefined
        ? "Cannot transform hidden units: expected a bilinear layer, found none"
        : `Cannot transform layer ${layer}: expected a bilinear layer, found ${found?.kind ?? "no layer"}`,
    );
  }
  const layers: Layer[] = [...network.layers];
  layers[index] = layerOf(replace(unitsOf(found), found), found);
  return { ...network, layers };
}

/** The hidden units of a layer, in order; absent biases are 0. */
export function unitsOf({ left, right, down, leftBias, rightBias }: BilinearLayer): Unit[] {
  const [hidden, dIn] = left.shape;
  const dOut = down.shape[0];
  return Array.from({ length: hidden }, (_, h) => ({
    left: left.data.subarray(h * dIn, (h + 1) * dIn),
    right: right.data.subarray(h * dIn, (h + 1) * dIn),
    down: Float64Array.from({ length: dOut }, (_, o) => down.data[o * hidden + h]!),
    leftBias: leftBias?.[h] ?? 0,
    rightBias: rightBias?.[h] ?? 0,
  }));
}

/** The units with the sides of the chosen ones replaced, each a row over (1, x), and one down for them all. */
export function replaceSides(
  units: readonly Unit[],
  chosen: readonly number[],
  { left, right, down }: { readonly left: Matrix; readonly right: Matrix; readonly down: Numbers },
): Unit[] {
  const width = left.shape[1];
  const replaced = [...units];
  for (const [row, h] of chosen.entries()) {
    replaced[h] = {
      left: left.data.subarray(row * width + 1, (row + 1) * width),
      right: right.data.subarray(row * width + 1, (row + 1) * width),
      leftBias: left.data[row * width]!,
      rightBias: right.data[row * width]!,
      down,
    };
  }
  return replaced;
}

/** The layer with these units instead; a bias it did not have appears only when a unit needs it. */
function layerOf(units: readonly Unit[], layer: BilinearLayer): BilinearLayer {
  const dIn = layer.left.shape[1];
  const dOut = layer.down.shape[0];
  const hidden = units.length;
  const left = matrix(hidden, dIn);
  const right = matrix(hidden, dIn);
  const down = matrix(dOut, hidden);
  for (const [h, unit] of units.entries()) {
    left.data.set(unit.left, h * dIn);
    right.data.set(unit.right, h * dIn);
    for (let o = 0; o < dOut; o++) down.data[o * hidden + h] = unit.down[o]!;
  }
  const leftBias = Float64Array.from(units, (unit) => unit.leftBias);
  const rightBias = Float64Array.from(units, (unit) => unit.rightBias);
  return {
    ...layer,
    left,
    right,
    down,
    ...(layer.leftBias || leftBias.some(isNotZero) ? { leftBias } : {}),
    ...(layer.rightBias || rightBias.some(isNotZero) ? { rightBias } : {}),
  };
}

function isNotZero(entry: number): boolean {
  return entry !== 0;
}

/** @throws {RangeError} when there is not one entry for each hidden unit */
export function checkCount(act: string, expected: number, found: number): void {
  if (found === expected) return;
  throw new RangeError(
    `Cannot ${act} of a layer: expected ${expected} entries, one for each hidden unit, found ${found}`,
  );
}
