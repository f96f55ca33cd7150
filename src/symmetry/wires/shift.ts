import {
  type AttentionLayer,
  type BilinearLayer,
  dInOf,
  type Layer,
  type Network,
} from "../../model/index.ts";
import { type Matrix, matrix, type Numbers, product } from "../../tensor/index.ts";
import { checkWire, residualOf } from "./stream.ts";

/**
 * The network with the numbers y on a wire moved, y ↦ y + c: the bias of what writes to the wire takes c
 * up and the biases of what reads from it give it back, so the function stays. Biases appear where there
 * were none. Past a residual,
 *
 *     bilinear   bd ← bd − residual · c / gain, and the wire after it stays
 *     attention  has no bias there, so the wire after it moves too, by residual · c
 *
 * The values of attention have no bias either: a wire that attention reads can only move by c with V c = 0.
 *
 * @param wire - wire k carries the outputs of layer k − 1 to layer k
 * @param shift - c, one entry for each number on the wire
 * @throws {RangeError} when there is no such wire, c does not fit, or a layer has no bias to hold it
 */
export function shiftWire(network: Network, wire: number, shift: ArrayLike<number>): Network {
  checkWire("shift", wire, network);
  const width = dInOf(network.layers[wire]!);
  const entries = Float64Array.from(shift);
  if (entries.length !== width || !entries.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot shift wire ${wire}: expected ${width} finite numbers, found ${entries.length === width ? "others" : entries.length}`,
    );
  }
  const layers: Layer[] = [...network.layers];
  layers[wire - 1] = writing(layers[wire - 1]!, entries, wire);
  let moved: Numbers = entries;
  for (let k = wire; ; k++) {
    const layer = layers[k];
    if (!layer) {
      throw new RangeError(
        `Cannot shift wire ${wire}: expected a layer that takes the shift back, found a residual to the outputs`,
      );
    }
    layers[k] = reading(layer, moved, wire);
    const residual = residualOf(layer);
    if (residual === 0 || (layer.kind === "bilinear" && gainOf(layer) !== 0)) break;
    moved = moved.map((entry) => residual * entry);
  }
  return { ...network, layers };
}

function writing(layer: Layer, shift: Numbers, wire: number): Layer {
  if (layer.kind === "linear") return { ...layer, bias: sum(layer.bias, shift, 1) };
  if (layer.kind === "bilinear" && gainOf(layer) !== 0) {
    return { ...layer, downBias: sum(layer.downBias, shift, 1 / gainOf(layer)) };
  }
  throw new RangeError(
    `Cannot shift wire ${wire}: expected a layer with a bias before it, found ${layer.kind === "attention" ? "attention" : "a bilinear layer of gain 0"}`,
  );
}

function reading(layer: Layer, shift: Numbers, wire: number): Layer {
  const column = matrix(shift.length, 1, shift);
  const back = (bias: Numbers | undefined, weight: Matrix) =>
    sum(bias, product(weight, column).data, -1);
  if (layer.kind === "linear") return { ...layer, bias: back(layer.bias, layer.weight) };
  if (layer.kind === "attention") {
    if (!vanishes(layer.value, shift)) {
      throw new RangeError(
        `Cannot shift wire ${wire}: expected values of attention that do not see the shift, found some that do`,
      );
    }
    return {
      ...layer,
      query1Bias: back(layer.query1Bias, layer.query1),
      key1Bias: back(layer.key1Bias, layer.key1),
      query2Bias: back(layer.query2Bias, layer.query2),
      key2Bias: back(layer.key2Bias, layer.key2),
    };
  }
  const residual = residualOf(layer);
  const gain = gainOf(layer);
  return {
    ...layer,
    leftBias: back(layer.leftBias, layer.left),
    rightBias: back(layer.rightBias, layer.right),
    ...(residual !== 0 && gain !== 0
      ? { downBias: sum(layer.downBias, shift, -residual / gain) }
      : {}),
  };
}

/** V c = 0 to rounding, each entry against the size of its terms. */
function vanishes({ shape: [rows, columns], data }: Matrix, shift: Numbers): boolean {
  for (let i = 0; i < rows; i++) {
    let [total, size] = [0, 0];
    for (let j = 0; j < columns; j++) {
      const term = data[i * columns + j]! * shift[j]!;
      total += term;
      size += Math.abs(term);
    }
    if (Math.abs(total) > 1e-12 * size) return false;
  }
  return true;
}

function gainOf({ gain = 1 }: BilinearLayer | AttentionLayer): number {
  return gain;
}

/** bias + factor · change; no bias is 0. */
function sum(bias: Numbers | undefined, change: Numbers, factor: number): Float64Array {
  return Float64Array.from(change, (entry, i) => (bias?.[i] ?? 0) + factor * entry);
}
