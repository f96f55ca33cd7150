import type { Layer, Network } from "../../model/index.ts";
import { type Matrix, matrix, type Numbers, product } from "../../tensor/index.ts";
import { inverse } from "../inverse.ts";
import { checkWire, streamOf } from "./stream.ts";

/**
 * The network with the numbers y on a wire written in other coordinates, y ↦ G y: what writes to the wire
 * is multiplied by G, what reads from it by G⁻¹, so the function stays. A residual carries y to the next
 * wire, so all wires that residuals tie to this one change by the same G.
 *
 *     writers  W ← G W, b ← G b (linear);  D ← G D, bd ← G bd;  O ← G O
 *     readers  W ← W G⁻¹ (linear);  L, R ← L G⁻¹, R G⁻¹;  Q, K, V ← Q G⁻¹, K G⁻¹, V G⁻¹
 *
 * @param wire - wire k carries the outputs of layer k − 1 to layer k
 * @param gauge - G, [d, d] with an inverse, for a wire of d numbers
 * @throws {RangeError} when there is no such wire, a residual ties it to the inputs or outputs of the
 * network, or G does not fit or has no inverse
 */
export function gaugeWire(network: Network, wire: number, gauge: Matrix): Network {
  checkWire("gauge", wire, network);
  const { from, to, width, inner } = streamOf(network, wire);
  if (!inner) {
    throw new RangeError(
      `Cannot gauge wire ${wire}: expected no residual that ties it to the inputs or outputs of the network, found one that ties it to the ${from === 0 ? "inputs" : "outputs"}`,
    );
  }
  const [rows, columns] = gauge.shape;
  if (rows !== width || columns !== width) {
    throw new RangeError(
      `Cannot gauge wire ${wire}: expected a matrix of shape [${width}, ${width}], found [${rows}, ${columns}]`,
    );
  }
  const back = inverse(gauge, `gauge wire ${wire}`);
  const layers = network.layers.map((layer, k) => {
    const reads = k >= from && k <= to ? reading(layer, back) : layer;
    return k + 1 >= from && k + 1 <= to ? writing(reads, gauge) : reads;
  });
  return { ...network, layers };
}

function reading(layer: Layer, back: Matrix): Layer {
  const read = (weight: Matrix) => product(weight, back);
  if (layer.kind === "linear") return { ...layer, weight: read(layer.weight) };
  if (layer.kind === "bilinear") {
    return { ...layer, left: read(layer.left), right: read(layer.right) };
  }
  return {
    ...layer,
    query1: read(layer.query1),
    key1: read(layer.key1),
    query2: read(layer.query2),
    key2: read(layer.key2),
    value: read(layer.value),
  };
}

function writing(layer: Layer, gauge: Matrix): Layer {
  const write = (weight: Matrix) => product(gauge, weight);
  const moved = (bias: Numbers) => write(matrix(bias.length, 1, bias)).data;
  if (layer.kind === "linear") {
    const { weight, bias } = layer;
    return { ...layer, weight: write(weight), ...(bias ? { bias: moved(bias) } : {}) };
  }
  if (layer.kind === "attention") return { ...layer, output: write(layer.output) };
  const { down, downBias } = layer;
  return { ...layer, down: write(down), ...(downBias ? { downBias: moved(downBias) } : {}) };
}
