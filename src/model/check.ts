import type { Matrix, Numbers } from "../tensor/index.ts";
import { ShapeError, sizeOf } from "../tensor/index.ts";
import type { BilinearLayer, Layer, LinearLayer, Network } from "./network.ts";

/** What a network maps between, and how often it multiplies. */
export interface NetworkSizes {
  readonly dIn: number;
  readonly dOut: number;
  /** Number of bilinear layers. */
  readonly nonlinear: number;
}

/** Input size of a layer. */
export function dInOf(layer: Layer): number {
  return layer.kind === "linear" ? layer.weight.shape[1] : layer.left.shape[1];
}

/** Output size of a layer. */
export function dOutOf(layer: Layer): number {
  return layer.kind === "linear" ? layer.weight.shape[0] : layer.down.shape[0];
}

/**
 * The sizes of a network whose tensors all fit each other and hold finite numbers.
 *
 * @param name - what messages call the network, e.g. `"step 300"`
 * @throws {ShapeError} naming the layer (from 0), the tensor, the expected shape and the found one
 * @throws {RangeError} when a weight is NaN or infinite, naming its place
 */
export function checkNetwork(network: Network, name?: string): NetworkSizes {
  const { layers } = network;
  const [first] = layers;
  const of = name === undefined ? "" : ` of "${name}"`;
  if (!first) {
    throw new ShapeError(
      `Cannot use ${name === undefined ? "a network" : `"${name}"`}: expected at least 1 layer, found 0`,
    );
  }
  let width = dInOf(first);
  for (const [index, layer] of layers.entries()) {
    const place = `layer ${index} (${layer.kind})${of}`;
    if (dInOf(layer) !== width) {
      throw new ShapeError(
        `Cannot use ${place}: expected ${width} inputs, the outputs of layer ${index - 1}, found ${dInOf(layer)}`,
      );
    }
    if (layer.kind === "linear") checkLinear(layer, place);
    else checkBilinear(layer, place);
    width = dOutOf(layer);
  }
  return {
    dIn: dInOf(first),
    dOut: width,
    nonlinear: layers.filter((layer) => layer.kind === "bilinear").length,
  };
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

function checkMatrix(found: Matrix, expected: readonly number[], name: string): void {
  if (found.shape.length !== 2 || found.shape.some((axis, k) => axis !== expected[k])) {
    throw new ShapeError(
      `Cannot use ${name}: expected shape ${shapeText(expected)}, found ${shapeText(found.shape)}`,
    );
  }
  if (found.shape.some((axis) => !Number.isInteger(axis) || axis < 1)) {
    throw new ShapeError(
      `Cannot use ${name}: expected axes of at least 1, found ${shapeText(found.shape)}`,
    );
  }
  if (found.data.length !== sizeOf(expected)) {
    throw new ShapeError(
      `Cannot use ${name}: expected ${sizeOf(expected)} numbers for shape ${shapeText(expected)}, found ${found.data.length}`,
    );
  }
  const bad = firstNonFinite(found.data);
  if (bad < 0) return;
  const [row, column] = [Math.floor(bad / expected[1]!), bad % expected[1]!];
  throw new RangeError(
    `Cannot use ${name}: expected finite numbers, found ${found.data[bad]} at [${row}, ${column}]`,
  );
}

function checkBias(found: Numbers | undefined, expected: number, name: string): void {
  if (!found) return;
  if (found.length !== expected) {
    throw new ShapeError(`Cannot use ${name}: expected ${expected} numbers, found ${found.length}`);
  }
  const bad = firstNonFinite(found);
  if (bad < 0) return;
  throw new RangeError(
    `Cannot use ${name}: expected finite numbers, found ${found[bad]} at [${bad}]`,
  );
}

function firstNonFinite(data: Numbers): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
