import { describe, expect, test } from "vitest";
import {
  addDeadHead,
  gaugeScores,
  gaugeValues,
  type Head,
  permuteHeads,
  randomGauge,
  randomRotaryGauge,
  rescaleScores,
  shiftWire,
  swapQueryKey,
  swapScores,
} from "../../src/symmetry/index.ts";
import { identity, matrix } from "../../src/tensor/index.ts";
import { Drawn } from "../support/drawn.ts";
import { attention, heads, headsIn, one, stack, two, units } from "../support/whole-numbers.ts";

test("permuteHeads(network, order) puts head order[h] in place h", () => {
  const permuted = headsIn(permuteHeads(attention, [1, 0]));
  expect(permuted.query1).toEqual(two([3, 4, 1, 2]));
  expect(permuted.output).toEqual(two([60, 50, 80, 70]));
  expect(permuted.query1Bias).toEqual(Float64Array.of(2, 1));
  expect(permuted).not.toHaveProperty("key1Bias");
});

test("gaugeValues(network, gauges) divides the output by what multiplies the values", () => {
  const gauged = headsIn(gaugeValues(attention, [one(2), one(-1)]));
  expect(gauged.value).toEqual(two([20, 40, -30, -40]));
  expect(gauged.output).toEqual(two([25, -60, 35, -80]));
});

test("gaugeScores(network, gauges) divides keys by what multiplies queries", () => {
  const gauged = headsIn(
    gaugeScores(attention, [
      [one(2), one(1)],
      [one(1), one(4)],
    ]),
  );
  expect(gauged.query1).toEqual(two([2, 4, 3, 4]));
  expect(gauged.query1Bias).toEqual(Float64Array.of(2, 2));
  expect(gauged.key1).toEqual(two([2.5, 3, 7, 8]));
  expect(gauged.query2).toEqual(two([-1, -2, -12, -16]));
  expect(gauged.key2).toEqual(two([-5, -6, -7 / 4, -2]));
});

test("swapScores(network, mask) exchanges the scores where the mask is true", () => {
  const swapped = headsIn(swapScores(attention, [false, true]));
  expect(swapped.query1).toEqual(two([1, 2, -3, -4]));
  expect(swapped.key2).toEqual(two([-5, -6, 7, 8]));
  expect(swapped.query1Bias).toEqual(Float64Array.of(1, 0));
  expect(swapped.query2Bias).toEqual(Float64Array.of(0, 2));
});

test("swapQueryKey(network, masks) exchanges query and key where a mask is true", () => {
  const swapped = headsIn(
    swapQueryKey({ ...attention, nContext: 1 }, [
      [1, 0],
      [0, 0],
    ]),
  );
  expect(swapped.query1).toEqual(two([5, 6, 3, 4]));
  expect(swapped.key1).toEqual(two([1, 2, 7, 8]));
  expect(swapped.query2).toEqual(heads.query2);
});

test("rescaleScores(network, scales) divides the output by all four factors", () => {
  const rescaled = headsIn(
    rescaleScores(attention, [
      { query1: 2, key1: -1, query2: 5, key2: 1 },
      { query1: 1, key1: 1, query2: 1, key2: 1 },
    ]),
  );
  expect(rescaled.query1).toEqual(two([2, 4, 3, 4]));
  expect(rescaled.key1).toEqual(two([-5, -6, 7, 8]));
  expect(rescaled.output).toEqual(two([-5, 60, -7, 80]));
});

const head = (width: number, value: number, output: number): Head => {
  const leg = { weight: matrix(width, 2), bias: new Float64Array(width) };
  const score = { query: leg, key: leg };
  return {
    scores: [score, score],
    value: matrix(width, 2, new Float64Array(2 * width).fill(value)),
    output: matrix(2, width, new Float64Array(2 * width).fill(output)),
  };
};

const wide = Drawn.of(3, (draw) => [draw.attention(4, 1, 4, { rotaryBase: 100 })], 2);

describe("heads that do not fit", () => {
  const scales = { query1: 1, key1: 1, query2: 1, key2: 1 };

  test.for<{ act: () => unknown; sentence: string }>([
    {
      act: () => shiftWire({ layers: [{ ...units, gain: 0 }, units] }, 1, [1]),
      sentence:
        "Cannot shift wire 1: expected a layer with a bias before it, found a bilinear layer of gain 0",
    },
    {
      act: () => shiftWire({ layers: [stack.layers[0]!, heads], nContext: 1 }, 1, [1, 1]),
      sentence:
        "Cannot shift wire 1: expected values of attention that do not see the shift, found some that do",
    },
    {
      act: () => permuteHeads(attention, [0]),
      sentence:
        "Cannot permute the heads of a layer: expected 2 entries, one for each head, found 1",
    },
    {
      act: () => permuteHeads(attention, [1, 1]),
      sentence: "Cannot permute the heads of a layer: expected each of 0 to 1 once, found 1 twice",
    },
    {
      act: () => permuteHeads(stack, [0]),
      sentence: "Cannot transform heads: expected an attention layer, found none",
    },
    {
      act: () => permuteHeads(stack, [0], 1),
      sentence: "Cannot transform layer 1: expected an attention layer, found bilinear",
    },
    {
      act: () => permuteHeads(stack, [0], 4),
      sentence: "Cannot transform layer 4: expected an attention layer, found no layer",
    },
    {
      act: () => gaugeValues(attention, [one(1)]),
      sentence:
        "Cannot gauge the values of a layer: expected 2 entries, one for each head, found 1",
    },
    {
      act: () => gaugeValues(attention, [one(1), identity(2)]),
      sentence:
        "Cannot gauge the values of head 1: expected a matrix of shape [1, 1], found [2, 2]",
    },
    {
      act: () => gaugeValues(attention, [one(1), one(0)]),
      sentence:
        "Cannot gauge the values of head 1: expected a matrix with an inverse, found a singular one",
    },
    {
      act: () => gaugeScores(attention, []),
      sentence:
        "Cannot gauge the scores of a layer: expected 2 entries, one for each head, found 0",
    },
    {
      act: () => gaugeScores(wide, [[randomRotaryGauge(4, 1), randomGauge(4, 1)]]),
      sentence:
        "Cannot gauge score 2 of head 0: expected a matrix that commutes with the rotary embedding, found one that does not",
    },
    {
      act: () => swapScores(attention, [true]),
      sentence: "Cannot swap the scores of a layer: expected 2 entries, one for each head, found 1",
    },
    {
      act: () =>
        swapQueryKey(attention, [
          [1, 1],
          [1, 1],
        ]),
      sentence:
        'Cannot swap queries and keys of a layer: expected a diagonal mask or one position, found mask "causal" and 2 positions',
    },
    {
      act: () => swapQueryKey({ ...attention, nContext: 1 }, [[1, 1], [1]]),
      sentence:
        "Cannot swap queries and keys of a layer: expected 2 entries, one for each head, found 1",
    },
    {
      act: () => rescaleScores(attention, [scales]),
      sentence:
        "Cannot rescale the scores of a layer: expected 2 entries, one for each head, found 1",
    },
    {
      act: () => rescaleScores(attention, [scales, { ...scales, key2: 0 }]),
      sentence:
        "Cannot rescale the scores of head 1: expected finite factors other than 0, found 0",
    },
    {
      act: () => addDeadHead(attention, head(2, 0, 0)),
      sentence:
        "Cannot add a dead head: expected tensors of the shapes of the other heads, found others",
    },
    {
      act: () => addDeadHead(attention, head(1, 1, 1)),
      sentence: "Cannot add a dead head: expected values or output of zeros, found neither",
    },
  ])("$sentence", ({ act, sentence }) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(sentence);
  });
});
