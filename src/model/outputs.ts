import type { Matrix, Tensor } from "../tensor/index.ts";
import { matrix, ShapeError } from "../tensor/index.ts";
import { affine } from "./affine.ts";
import { attended } from "./attention.ts";
import { checkNetwork, type NetworkSizes } from "./check.ts";
import type { AttentionLayer, BilinearLayer, Network } from "./network.ts";

/**
 * The outputs of a network on N inputs at once (the forward pass), in float64, plain loops.
 *
 *     linear     y = W x + b
 *     bilinear   y = residual · x + gain · (D ((L x + bl) ⊙ (R x + br)) + bd)
 *     attention  y = residual · x + gain · O z, see {@link AttentionLayer}
 *
 * @param inputs - [N, dIn], one input a row; or [N, n, dIn], each of n positions. Where there is
 * attention, inputs have positions, at most nContext.
 * @returns [N, dOut], one output a row; or [N, n, dOut]
 * @throws {ShapeError} when the network does not fit together or the inputs do not fit the network
 */
export function outputs(network: Network, inputs: Matrix): Matrix;
/** As above, of inputs [N, dIn] or [N, n, dIn]. Throws as above. */
export function outputs(network: Network, inputs: Tensor): Tensor;
export function outputs(network: Network, inputs: Tensor): Tensor {
  const sizes = checkNetwork(network);
  checkInputs(inputs, sizes);
  const axes = inputs.shape.slice(0, -1);
  const positions = axes[1] ?? 1;
  let wire = matrix(axes[0]! * positions, sizes.dIn, inputs.data);
  for (const layer of network.layers) {
    if (layer.kind === "linear") wire = affine(wire, layer.weight, layer.bias);
    else if (layer.kind === "bilinear") wire = throughResidual(wire, hidden(wire, layer), layer);
    else wire = throughResidual(wire, attended(wire, layer, positions), layer);
  }
  return { shape: [...axes, sizes.dOut], data: wire.data };
}

function checkInputs({ shape }: Tensor, { dIn, attention, nContext }: NetworkSizes): void {
  const fault = (expected: string, found: string) =>
    new ShapeError(
      `Cannot apply a network to inputs of shape [${shape.join(", ")}]: expected ${expected}, found ${found}`,
    );
  if (shape.length !== 3 && (shape.length !== 2 || attention > 0)) {
    throw fault(attention > 0 ? "3 axes [N, n, dIn]" : "2 or 3 axes", `${shape.length}`);
  }
  const columns = shape.at(-1)!;
  if (columns !== dIn) throw fault(`${dIn} columns`, `${columns}`);
  if (attention > 0 && shape[1]! > nContext) {
    throw fault(`at most ${nContext} positions`, `${shape[1]}`);
  }
}

/** D ((L x + bl) ⊙ (R x + br)) + bd */
function hidden(x: Matrix, layer: BilinearLayer): Matrix {
  const units = affine(x, layer.left, layer.leftBias);
  const right = affine(x, layer.right, layer.rightBias);
  for (let i = 0; i < units.data.length; i++) units.data[i]! *= right.data[i]!;
  return affine(units, layer.down, layer.downBias);
}

/** residual · x + gain · y, in place of y. */
function throughResidual(x: Matrix, y: Matrix, layer: BilinearLayer | AttentionLayer): Matrix {
  const { residual = 0, gain = 1 } = layer;
  for (let i = 0; i < y.data.length; i++) {
    y.data[i] = gain * y.data[i]! + (residual === 0 ? 0 : residual * x.data[i]!);
  }
  return y;
}
