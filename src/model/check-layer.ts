import { ShapeError } from "../tensor/index.ts";
import { checkBias, checkMatrix } from "./check-tensor.ts";
import type { AttentionLayer, BilinearLayer, Layer, LinearLayer } from "./network.ts";

/**
 * @param place - what messages call the layer
 * @throws {ShapeError} when the tensors of the layer do not fit each other
 * @throws {RangeError} when a number is not finite or a setting not one there is
 */
export function checkLayer(layer: Layer, place: string): void {
  if (layer.kind === "linear") checkLinear(layer, place);
  else if (layer.kind === "bilinear") checkBilinear(layer, place);
  else checkAttention(layer, place);
}

function checkLinear({ weight, bias }: LinearLayer, place: string): void {
  checkMatrix(weight, weight.shape, `weight of ${place}`);
  checkBias(bias, weight.shape[0], `bias of ${place}`);
}

function checkBilinear(layer: BilinearLayer, place: string): void {
  const [hidden, dIn] = layer.left.shape;
  const dOut = layer.down.shape[0];
  checkMatrix(layer.left, [hidden, dIn], `left of ${place}`);
  checkMatrix(layer.right, [hidden, dIn], `right of ${place}`);
  checkMatrix(layer.down, [dOut, hidden], `down of ${place}`);
  checkBias(layer.leftBias, hidden, `leftBias of ${place}`);
  checkBias(layer.rightBias, hidden, `rightBias of ${place}`);
  checkBias(layer.downBias, dOut, `downBias of ${place}`);
  checkFactors(layer, dIn, dOut, place);
}

function checkAttention(layer: AttentionLayer, place: string): void {
  const [rows, dIn] = layer.query1.shape;
  const dOut = layer.output.shape[0];
  const { heads, rotaryBase } = layer;
  if (!(Number.isInteger(heads) && heads >= 1 && rows % heads === 0)) {
    throw new RangeError(
      `Cannot use heads of ${place}: expected a whole number that divides the ${rows} rows of query1, found ${heads}`,
    );
  }
  for (const name of ["query1", "key1", "query2", "key2", "value"] as const) {
    checkMatrix(layer[name], [rows, dIn], `${name} of ${place}`);
  }
  checkMatrix(layer.output, [dOut, rows], `output of ${place}`);
  for (const name of ["query1Bias", "key1Bias", "query2Bias", "key2Bias"] as const) {
    checkBias(layer[name], rows, `${name} of ${place}`);
  }
  if (layer.mask !== undefined && !["causal", "none", "diag"].includes(layer.mask)) {
    throw new RangeError(
      `Cannot use mask of ${place}: expected "causal", "none" or "diag", found "${layer.mask}"`,
    );
  }
  if (rotaryBase !== undefined) {
    if (!(Number.isFinite(rotaryBase) && rotaryBase > 0)) {
      throw new RangeError(
        `Cannot use rotaryBase of ${place}: expected a finite number above 0, found ${rotaryBase}`,
      );
    }
    if ((rows / heads) % 2 !== 0) {
      throw new ShapeError(
        `Cannot use rotaryBase of ${place}: expected heads of even width, found width ${rows / heads}`,
      );
    }
  }
  checkFactors(layer, dIn, dOut, place);
}

function checkFactors(
  layer: BilinearLayer | AttentionLayer,
  dIn: number,
  dOut: number,
  place: string,
): void {
  for (const name of ["residual", "gain"] as const) {
    const factor = layer[name];
    if (factor === undefined || Number.isFinite(factor)) continue;
    throw new RangeError(
      `Cannot use ${name} of ${place}: expected a finite number, found ${factor}`,
    );
  }
  if (layer.residual && dOut !== dIn) {
    throw new ShapeError(
      `Cannot use residual of ${place}: expected as many outputs as inputs, found ${dOut} outputs and ${dIn} inputs`,
    );
  }
}
