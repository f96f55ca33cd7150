import { dInOf, type Network } from "../../model/index.ts";
import { Random } from "../../tensor/index.ts";
import { residualOf } from "./stream.ts";

/**
 * A random shift [width] of a wire for {@link shiftWire}: normal entries, less what the values of attention that
 * read the wire would see. Undefined when the wire cannot move: what writes to it has no bias, the values
 * see every direction, or a residual passes the shift on to the outputs.
 */
export function randomShift(
  { layers }: Network,
  wire: number,
  seed: number,
): Float64Array | undefined {
  const writer = layers[wire - 1]!;
  if (writer.kind === "attention" || (writer.kind === "bilinear" && writer.gain === 0)) {
    return undefined;
  }
  const seen: Float64Array[] = [];
  for (let k = wire; ; k++) {
    const layer = layers[k];
    if (!layer) return undefined;
    if (layer.kind === "attention") {
      const [rows, columns] = layer.value.shape;
      for (let i = 0; i < rows; i++) {
        const row = layer.value.data.subarray(i * columns, (i + 1) * columns);
        const direction = unit(without(row, seen), Math.hypot(...row));
        if (direction) seen.push(direction);
      }
    }
    if (residualOf(layer) === 0 || (layer.kind === "bilinear" && layer.gain !== 0)) break;
  }
  const width = dInOf(layers[wire]!);
  if (seen.length >= width) return undefined;
  const random = new Random(seed);
  const drawn = Float64Array.from({ length: width }, () => random.normal());
  return without(drawn, seen);
}

/** What is left of a vector at right angles to the directions; taken off twice, so that rounding is too. */
function without(vector: ArrayLike<number>, directions: readonly Float64Array[]): Float64Array {
  const rest = Float64Array.from(vector);
  for (const direction of [...directions, ...directions]) {
    const along = rest.reduce((sum, entry, i) => sum + entry * direction[i]!, 0);
    for (let i = 0; i < rest.length; i++) rest[i]! -= along * direction[i]!;
  }
  return rest;
}

/** The vector over its length; undefined when that is rounding against `size`. */
function unit(vector: Float64Array, size: number): Float64Array | undefined {
  const length = Math.hypot(...vector);
  return length > 1e-12 * size ? vector.map((entry) => entry / length) : undefined;
}
