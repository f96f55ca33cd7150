import { ShapeError } from "../tensor/index.ts";
import { checkLayer } from "./check-layer.ts";
import type { Layer, Network } from "./network.ts";

/** What a network maps between, and how often it multiplies. */
export interface NetworkSizes {
  readonly dIn: number;
  readonly dOut: number;
  /** Number of layers that are not linear. */
  readonly nonlinear: number;
  /** How many of them are attention. */
  readonly attention: number;
  /** Positions of an input. */
  readonly nContext: number;
}

/** Input size of a layer. */
export function dInOf(layer: Layer): number {
  if (layer.kind === "linear") return layer.weight.shape[1];
  return (layer.kind === "bilinear" ? layer.left : layer.query1).shape[1];
}

/** Output size of a layer. */
export function dOutOf(layer: Layer): number {
  if (layer.kind === "linear") return layer.weight.shape[0];
  return (layer.kind === "bilinear" ? layer.down : layer.output).shape[0];
}

/**
 * The sizes of a network whose tensors all fit each other and hold finite numbers.
 *
 * @param name - what messages call the network, e.g. `"step 300"`
 * @throws {ShapeError} naming the layer (from 0), the tensor, the expected shape and the found one
 * @throws {RangeError} when a weight is NaN or infinite, naming its place, or there is attention and no
 * nContext
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
    checkLayer(layer, place);
    width = dOutOf(layer);
  }
  const attention = layers.filter(({ kind }) => kind === "attention").length;
  return {
    dIn: dInOf(first),
    dOut: width,
    nonlinear: layers.filter(({ kind }) => kind !== "linear").length,
    attention,
    nContext: checkContext(network.nContext, attention, name),
  };
}

function checkContext(
  nContext: number | undefined,
  attention: number,
  name: string | undefined,
): number {
  if (nContext === undefined && attention === 0) return 1;
  if (nContext !== undefined && Number.isInteger(nContext) && nContext >= 1) return nContext;
  throw new RangeError(
    `Cannot use ${name === undefined ? "a network" : `"${name}"`}: expected nContext, the number of positions, to be a whole number of at least 1, found ${nContext ?? "none"}`,
  );
}
