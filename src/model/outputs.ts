import type { Matrix, Numbers } from "../tensor/index.ts";
import { matrix, product, ShapeError, transpose } from "../tensor/index.ts";
import { checkNetwork } from "./check.ts";
import type { BilinearLayer, Network } from "./network.ts";

/**
 * The outputs of a network on N inputs at once (the forward pass), in float64, plain loops.
 *
 *     linear    y = W x + b
 *     bilinear  y = residual · x + gain · (D ((L x + bl) ⊙ (R x + br)) + bd)
 *
 * @param inputs - [N, dIn], one input a row
 * @returns [N, dOut], one output a row
 * @throws {ShapeError} when the network does not fit together or the inputs do not fit the network
 */
export function outputs(network: Network, inputs: Matrix): Matrix {
  const { dIn } = checkNetwork(network);
  if (inputs.shape[1] !== dIn) {
    throw new ShapeError(
      `Cannot apply a network to inputs of shape [${inputs.shape.join(", ")}]: expected ${dIn} columns, found ${inputs.shape[1]}`,
    );
  }
  let wire = inputs;
  for (const layer of network.layers) {
    wire = layer.kind === "linear" ? affine(wire, layer.weight, layer.bias) : bilinear(wire, layer);
  }
  return wire;
}

function bilinear(x: Matrix, layer: BilinearLayer): Matrix {
  const { residual = 0, gain = 1 } = layer;
  const hidden = affine(x, layer.left, layer.leftBias);
  const right = affine(x, layer.right, layer.rightBias);
  for (let i = 0; i < hidden.data.length; i++) hidden.data[i]! *= right.data[i]!;
  const y = affine(hidden, layer.down, layer.downBias);
  for (let i = 0; i < y.data.length; i++) {
    y.data[i] = gain * y.data[i]! + (residual === 0 ? 0 : residual * x.data[i]!);
  }
  return y;
}

/** X Wᵀ + b, row by row: [N, in] → [N, out], always a new matrix. */
function affine(x: Matrix, weight: Matrix, bias: Numbers | undefined): Matrix {
  const y = product(x, transpose(weight));
  if (!bias) return y;
  const [rows, columns] = y.shape;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) y.data[i * columns + j]! += bias[j]!;
  }
  return matrix(rows, columns, y.data);
}
