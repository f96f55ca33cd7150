import { expect, test } from "vitest";
import {
  describeNetwork,
  type Network,
  parameterCount,
  parameters,
} from "../../src/model/index.ts";
import { matrix } from "../../src/tensor/index.ts";

const network: Network = {
  layers: [
    { kind: "linear", weight: matrix(3, 2), bias: new Float64Array(3) },
    {
      kind: "bilinear",
      left: matrix(4, 3),
      right: matrix(4, 3),
      down: matrix(5, 4),
      rightBias: new Float64Array(4),
      downBias: new Float64Array(5),
      gain: 0.5,
    },
  ],
};

test("parameters(network) lists tensors layer by layer, each with its biases after it", () => {
  expect(parameters(network).map(({ layer, name, shape }) => [layer, name, shape])).toEqual([
    [0, "weight", [3, 2]],
    [0, "bias", [3]],
    [1, "left", [4, 3]],
    [1, "right", [4, 3]],
    [1, "down", [5, 4]],
    [1, "rightBias", [4]],
    [1, "downBias", [5]],
  ]);
});

test("parameterCount(network) counts every weight and bias once", () => {
  expect(parameterCount(network)).toBe(6 + 3 + 12 + 12 + 20 + 4 + 5);
});

test("describeNetwork(network) is the sizes of its wires and the widths of its layers", () => {
  expect(describeNetwork(network)).toBe("2 → linear → 3 → bilinear 4 → 5");
  expect(describeNetwork({ layers: [] })).toBe("no layers");
});

test("a network with attention is described and listed like any other", () => {
  const square = matrix(4, 4);
  const heads = {
    kind: "attention" as const,
    heads: 2,
    query1: square,
    key1: square,
    query2: square,
    key2: square,
    value: square,
    output: matrix(3, 4),
    key2Bias: new Float64Array(4),
  };
  const attention: Network = { layers: [heads], nContext: 5 };
  expect(describeNetwork(attention)).toBe("4 → attention 2×2 → 3, 5 positions");
  expect(parameterCount(attention)).toBe(5 * 16 + 12 + 4);
  const names = ["query1", "key1", "query2", "key2", "value", "output", "key2Bias"];
  expect(parameters(attention).map(({ name }) => name)).toEqual(names);
});
