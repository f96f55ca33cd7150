import { describe, expect, test } from "vitest";
import { gaugeWire, shiftWire } from "../../src/symmetry/index.ts";
import { identity, matrix } from "../../src/tensor/index.ts";
import { layer } from "../support/networks.ts";
import { heads, stack, two } from "../support/whole-numbers.ts";

test("gaugeWire(network, wire, G) changes all wires that residuals tie together", () => {
  const [before, middle, after] = gaugeWire(stack, 2, two([2, 0, 0, 4])).layers;
  expect(before).toEqual({
    kind: "linear",
    weight: two([2, 4, 12, 16]),
    bias: Float64Array.of(10, 24),
  });
  expect(middle).toEqual({
    ...layer([2, 1, 2], [0.5, 0.25], [0.5, -0.25], [2, 8]),
    residual: 1,
    gain: 0.5,
  });
  expect(after).toEqual({ kind: "linear", weight: matrix(1, 2, [0.5, 0.25]) });
  expect(gaugeWire(stack, 1, two([2, 0, 0, 4]))).toEqual(gaugeWire(stack, 2, two([2, 0, 0, 4])));
});

test("shiftWire(network, wire, c) is taken back by the biases after it, the residual's too", () => {
  const [before, middle, after] = shiftWire(stack, 1, [1, -1]).layers;
  expect(before).toMatchObject({ bias: Float64Array.of(6, 5) });
  expect(middle).toMatchObject({
    leftBias: Float64Array.of(0),
    rightBias: Float64Array.of(-2),
    downBias: Float64Array.of(-2, 2),
  });
  expect(after).toBe(stack.layers[2]);
});

describe("wires that do not fit", () => {
  test.for<{ act: () => unknown; sentence: string }>([
    {
      act: () => gaugeWire(stack, 0, identity(2)),
      sentence: "Cannot gauge wire 0: expected a wire between two layers, from 1 to 2",
    },
    {
      act: () => gaugeWire(stack, 1, identity(3)),
      sentence: "Cannot gauge wire 1: expected a matrix of shape [2, 2], found [3, 3]",
    },
    {
      act: () => gaugeWire(stack, 1, two([1, 1, 1, 1])),
      sentence: "Cannot gauge wire 1: expected a matrix with an inverse, found a singular one",
    },
    {
      act: () => gaugeWire(stack, 1, two([1, 0, 0, Number.NaN])),
      sentence: "Cannot gauge wire 1: expected a matrix of finite numbers, found others",
    },
    {
      act: () => gaugeWire({ layers: stack.layers.slice(0, 2) }, 1, identity(2)),
      sentence:
        "Cannot gauge wire 1: expected no residual that ties it to the inputs or outputs of the network, found one that ties it to the outputs",
    },
    {
      act: () => gaugeWire({ layers: stack.layers.slice(1) }, 1, identity(2)),
      sentence:
        "Cannot gauge wire 1: expected no residual that ties it to the inputs or outputs of the network, found one that ties it to the inputs",
    },
    {
      act: () => shiftWire(stack, 3, [1, 1]),
      sentence: "Cannot shift wire 3: expected a wire between two layers, from 1 to 2",
    },
    {
      act: () => shiftWire(stack, 1, [1]),
      sentence: "Cannot shift wire 1: expected 2 finite numbers, found 1",
    },
    {
      act: () => shiftWire(stack, 1, [1, Number.NaN]),
      sentence: "Cannot shift wire 1: expected 2 finite numbers, found others",
    },
    {
      act: () =>
        shiftWire(
          {
            layers: [stack.layers[0]!, { ...heads, value: matrix(2, 2), residual: 1 }],
            nContext: 1,
          },
          1,
          [1, 1],
        ),
      sentence:
        "Cannot shift wire 1: expected a layer that takes the shift back, found a residual to the outputs",
    },
    {
      act: () => shiftWire({ layers: [heads, stack.layers[0]!], nContext: 1 }, 1, [1, 1]),
      sentence: "Cannot shift wire 1: expected a layer with a bias before it, found attention",
    },
  ])("$sentence", ({ act, sentence }) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(sentence);
  });
});
