import type { ChainStep, Matrix, Numbers } from "../tensor/index.ts";
import { matrix, ShapeError, scaled } from "../tensor/index.ts";
import type { BilinearLayer, Layer } from "./network.ts";

type Bilinear = Extract<ChainStep, { kind: "bilinear" }>;

/**
 * The part of highest degree of a layer: biases and residual dropped, the gain folded into down.
 *
 * @throws {ShapeError} when the layer is attention, which no chain can hold
 */
export function topStep(layer: Layer): ChainStep {
  if (layer.kind === "linear") return { kind: "linear", weight: layer.weight };
  if (layer.kind === "attention") throw refused();
  const { kind, left, right, down, gain = 1 } = layer;
  return { kind, left, right, down: gain === 1 ? down : scaled(down, gain) };
}

/**
 * A layer as a map of the padded wire x̂ = (1, x), on which biases and residual are weights:
 *
 *     linear    Ŵ = [ 1 0 ; b W ]
 *     bilinear  L̂ = [ 1 0 ; bl L ; 0 I ]    R̂ = [ 1 0 ; br R ; 1 0 ]
 *               D̂ = [ 1 0 0 ; gain·bd gain·D residual·I ]    (1, y) = D̂ (L̂ x̂ ⊙ R̂ x̂)
 *
 * The last group of hidden units, x_i · 1, is there only when the residual is not 0.
 *
 * @throws {ShapeError} when the layer is attention, which no chain can hold
 */
export function paddedStep(layer: Layer): ChainStep {
  if (layer.kind === "linear") return { kind: "linear", weight: affine(layer.weight, layer.bias) };
  if (layer.kind === "attention") throw refused();
  const { residual = 0 } = layer;
  const through = residual === 0 ? 0 : layer.left.shape[1];
  return {
    kind: "bilinear",
    left: side(layer.left, layer.leftBias, through, (unit) => 1 + unit),
    right: side(layer.right, layer.rightBias, through, () => 0),
    down: paddedDown(layer, residual, through),
  };
}

function refused(): ShapeError {
  return new ShapeError(
    "Cannot write a network as a chain: expected linear and bilinear layers, found attention",
  );
}

/** [ 1 0 ; b W ]: [out, in] → [1 + out, 1 + in]. */
function affine(weight: Matrix, bias: Numbers | undefined): Matrix {
  return side(weight, bias, 0, () => 0);
}

/** [ 1 0 ; b W ] and below it `through` rows, each with a 1 in the column that `ones` names. */
function side(
  weight: Matrix,
  bias: Numbers | undefined,
  through: number,
  ones: (unit: number) => number,
): Matrix {
  const [rows, columns] = weight.shape;
  const padded = matrix(1 + rows + through, 1 + columns);
  const width = 1 + columns;
  padded.data[0] = 1;
  for (let i = 0; i < rows; i++) {
    padded.data[(1 + i) * width] = bias?.[i] ?? 0;
    for (let j = 0; j < columns; j++) {
      padded.data[(1 + i) * width + 1 + j] = weight.data[i * columns + j]!;
    }
  }
  for (let unit = 0; unit < through; unit++) {
    padded.data[(1 + rows + unit) * width + ones(unit)] = 1;
  }
  return padded;
}

function paddedDown(layer: BilinearLayer, residual: number, through: number): Bilinear["down"] {
  const { gain = 1, down, downBias } = layer;
  const [dOut, hidden] = down.shape;
  const width = 1 + hidden + through;
  const padded = matrix(1 + dOut, width);
  padded.data[0] = 1;
  for (let o = 0; o < dOut; o++) {
    const row = (1 + o) * width;
    padded.data[row] = gain * (downBias?.[o] ?? 0);
    for (let h = 0; h < hidden; h++) {
      padded.data[row + 1 + h] = gain * down.data[o * hidden + h]!;
    }
    if (through) padded.data[row + 1 + hidden + o] = residual;
  }
  return padded;
}
