import type { Numbers } from "../tensor/index.ts";
import type { Layer, Network } from "./network.ts";

/** A trained tensor of a network. */
export interface Parameter {
  /** Layer it belongs to, from 0. */
  readonly layer: number;
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/**
 * The trained tensors of a network in a fixed order: layer by layer, weight then bias; or left, right,
 * down, leftBias, rightBias, downBias; or query1, key1, query2, key2, value, output, query1Bias, key1Bias,
 * query2Bias, key2Bias. `residual`, `gain` and the like are settings, not parameters.
 */
export function parameters(network: Network): Parameter[] {
  return network.layers.flatMap((layer, index) =>
    tensorsOf(layer).flatMap(({ name, shape, data }) =>
      data ? [{ layer: index, name, shape, data }] : [],
    ),
  );
}

/** How many numbers the network holds, biases included. */
export function parameterCount(network: Network): number {
  return parameters(network).reduce((count, { data }) => count + data.length, 0);
}

interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Numbers | undefined;
}

function tensorsOf(layer: Layer): NamedTensor[] {
  if (layer.kind === "linear") {
    return [
      { name: "weight", ...layer.weight },
      { name: "bias", shape: [layer.weight.shape[0]], data: layer.bias },
    ];
  }
  if (layer.kind === "attention") {
    const shape = [layer.query1.shape[0]];
    return [
      { name: "query1", ...layer.query1 },
      { name: "key1", ...layer.key1 },
      { name: "query2", ...layer.query2 },
      { name: "key2", ...layer.key2 },
      { name: "value", ...layer.value },
      { name: "output", ...layer.output },
      { name: "query1Bias", shape, data: layer.query1Bias },
      { name: "key1Bias", shape, data: layer.key1Bias },
      { name: "query2Bias", shape, data: layer.query2Bias },
      { name: "key2Bias", shape, data: layer.key2Bias },
    ];
  }
  const hidden = layer.left.shape[0];
  return [
    { name: "left", ...layer.left },
    { name: "right", ...layer.right },
    { name: "down", ...layer.down },
    { name: "leftBias", shape: [hidden], data: layer.leftBias },
    { name: "rightBias", shape: [hidden], data: layer.rightBias },
    { name: "downBias", shape: [layer.down.shape[0]], data: layer.downBias },
  ];
}
