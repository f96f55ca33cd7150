import { describe, expect, test } from "vitest";
import type { AttentionLayer, BilinearLayer, Network } from "../../src/model/index.ts";
import { similarity } from "../../src/similarity/index.ts";
import {
  addDeadHead,
  addNullUnit,
  addRegroupedNull,
  gaugeScores,
  gaugeValues,
  gaugeWire,
  type Head,
  mixUnits,
  parallelUnits,
  permuteHeads,
  randomGauge,
  randomRegroupedPair,
  randomRotaryGauge,
  regroupable,
  regroupedPair,
  rescaleScores,
  shearUnits,
  shiftWire,
  swapQueryKey,
  swapScores,
} from "../../src/symmetry/index.ts";
import { identity, matrix } from "../../src/tensor/index.ts";
import { Drawn } from "../support/drawn.ts";
import { layer } from "../support/networks.ts";

const two = (entries: readonly number[]) => matrix(2, 2, entries);
const units: BilinearLayer = layer([1, 3, 1], [1, 2, 3], [4, 5, 6], [7, 14, -7]);
const stack: Network = {
  layers: [
    { kind: "linear", weight: two([1, 2, 3, 4]), bias: Float64Array.of(5, 6) },
    { ...layer([2, 1, 2], [1, 1], [1, -1], [1, 2]), residual: 1, gain: 0.5 },
    { kind: "linear", weight: matrix(1, 2, [1, 1]) },
  ],
};
/** Two heads of width 1: rows of the tensors are heads. */
const heads: AttentionLayer = {
  kind: "attention",
  heads: 2,
  query1: two([1, 2, 3, 4]),
  key1: two([5, 6, 7, 8]),
  query2: two([-1, -2, -3, -4]),
  key2: two([-5, -6, -7, -8]),
  value: two([10, 20, 30, 40]),
  output: two([50, 60, 70, 80]),
  query1Bias: Float64Array.of(1, 2),
};
const attention: Network = { layers: [heads], nContext: 2 };
const one = (entry: number) => matrix(1, 1, [entry]);
const bilinearOf = ({ layers }: Network, k = 0) => layers[k] as BilinearLayer;
const headsIn = ({ layers }: Network) => layers[0] as AttentionLayer;

test("parallelUnits(layer) groups units that write multiples of one vector", () => {
  expect(parallelUnits(units)).toEqual([[0, 1, 2]]);
  expect(parallelUnits(layer([1, 3, 1], [1, 2, 3], [4, 5, 6], [7, 0, -7]))).toEqual([[0, 2]]);
  expect(parallelUnits(bilinearOf(stack, 1))).toEqual([]);
});

test("mixUnits(network, units, A) sends left by A and right by its inverse transpose", () => {
  const mixed = mixUnits({ layers: [units] }, [0, 1], two([1, 1, 0, 1]));
  const { left, right, down } = bilinearOf(mixed);
  // The factor 2 of the second down goes to its left side first.
  expect([...left.data]).toEqual([1 + 4, 4, 3]);
  expect([...right.data]).toEqual([4, 5 - 4, 6]);
  expect([...down.data]).toEqual([7, 7, -7]);
});

test("shearUnits(network, units, B) adds right sides to left ones, antisymmetrically", () => {
  const sheared = shearUnits({ layers: [units] }, [0, 1], two([9, 3, 9, 9]));
  const { left, right } = bilinearOf(sheared);
  expect([...left.data]).toEqual([1 + 3 * 5, 4 - 3 * 4, 3]);
  expect([...right.data]).toEqual([4, 5, 6]);
});

test("addNullUnit(network, unit) puts the unit last", () => {
  const { left, right, down } = bilinearOf(
    addNullUnit({ layers: [units] }, { left: [8], right: [9], down: [0] }),
  );
  expect([left.data[3], right.data[3], down.data[3]]).toEqual([8, 9, 0]);
});

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

const quartic = {
  factors: [
    [1, 0],
    [1, 0],
    [0, 1],
    [0, 1],
  ],
  down: [1],
} as const;

describe("regroupedPair(terms)", () => {
  const cosine = async ([a, b]: readonly [Network, Network], metric: "recursion" | "closure") =>
    (await similarity(a, b, { metric })).value;

  test("of x₀ x₀ x₁ x₁: recursion finds nothing in common, the closure 1/√27, what is exact all", async () => {
    const [a, b] = regroupedPair([quartic]);
    expect(await cosine([a, b], "recursion")).toBe(0);
    expect(await cosine([a, b], "closure")).toBeCloseTo(1 / Math.sqrt(27), 14);
    for (const metric of ["exact gaussian", "exact symmetric"] as const) {
      expect((await similarity(a, b, { metric })).value).toBeCloseTo(1, 14);
    }
  });

  test("drawn at random: one function that recursion and closure take for two", async () => {
    for (const seed of [1, 2, 3]) {
      const pair = randomRegroupedPair({ dIn: 4, dOut: 2, terms: 3, seed });
      expect(await cosine(pair, "recursion")).toBeLessThan(0.95);
      expect(await cosine(pair, "closure")).toBeLessThan(0.99);
      for (const metric of ["exact gaussian", "exact symmetric"] as const) {
        expect((await similarity(...pair, { metric })).value).toBeCloseTo(1, 12);
      }
    }
  });
});

test("regroupable(network) are bilinear layers that another follows, both without residual", () => {
  const plain = units;
  const linear = { kind: "linear" as const, weight: one(1) };
  expect(regroupable({ layers: [plain, linear, plain, plain] })).toEqual([0, 2]);
  expect(regroupable({ layers: [plain, { ...plain, residual: 1 }, plain] })).toEqual([]);
  const head = { ...new Drawn(1).attention(1, 1, 1), residual: 1 };
  expect(regroupable({ layers: [plain, head, plain], nContext: 1 })).toEqual([]);
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

describe("parameters that do not fit", () => {
  const single: Network = { layers: [units] };
  const scales = { query1: 1, key1: 1, query2: 1, key2: 1 };
  test.for<{ act: () => unknown; sentence: string }>([
    {
      act: () => mixUnits(single, [0, 0], two([1, 0, 0, 1])),
      sentence: "Cannot mix hidden units: expected different units from 0 to 2, found 0, 0",
    },
    {
      act: () => mixUnits(single, [0, 3], two([1, 0, 0, 1])),
      sentence: "Cannot mix hidden units: expected different units from 0 to 2, found 0, 3",
    },
    {
      act: () => shearUnits(single, [], two([1, 0, 0, 1])),
      sentence: "Cannot shear hidden units: expected at least 1 unit, found none",
    },
    {
      act: () =>
        mixUnits({ layers: [layer([1, 2, 2], [1, 1], [1, 1], [1, 0, 0, 1])] }, [0, 1], identity(2)),
      sentence:
        "Cannot mix hidden units: expected a down of unit 1 that is a multiple of that of unit 0, found another direction",
    },
    {
      act: () => mixUnits(single, [0, 1], one(1)),
      sentence: "Cannot mix hidden units: expected a matrix of shape [2, 2], found [1, 1]",
    },
    {
      act: () => mixUnits(single, [0, 1], two([1, 2, 2, 4])),
      sentence: "Cannot mix hidden units: expected a matrix with an inverse, found a singular one",
    },
    {
      act: () => shearUnits(single, [0, 1], one(1)),
      sentence: "Cannot shear hidden units: expected a matrix of shape [2, 2], found [1, 1]",
    },
    {
      act: () => addNullUnit(single, { left: [0], right: [1], down: [1], leftBias: 1 }),
      sentence:
        "Cannot add a null unit: expected zeros in down, or in a side and its bias, found none of them all 0",
    },
    {
      act: () => addNullUnit(single, { left: [0, 0], right: [1], down: [1] }),
      sentence: "Cannot add a null unit: expected left of 1 entries, found 2",
    },
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
    {
      act: () => regroupedPair([]),
      sentence: "Cannot make a regrouped pair: expected at least 1 term, found none",
    },
    {
      act: () => regroupedPair([quartic, { ...quartic, down: [1, 2] }]),
      sentence: "Cannot make a regrouped pair: expected a down of 1 entries, found 2",
    },
    {
      act: () => addRegroupedNull({ layers: [units, units] }, quartic),
      sentence: "Cannot regroup factors: expected factors of 1 entries, found 2",
    },
    {
      act: () => addRegroupedNull(stack, quartic),
      sentence:
        "Cannot regroup factors in a network: expected a bilinear layer that another follows, both without residual, found none",
    },
    {
      act: () => addRegroupedNull({ layers: [units, units] }, quartic, 1),
      sentence:
        "Cannot regroup factors in layer 1: expected a bilinear layer that another follows, both without residual, found none",
    },
  ])("$sentence", ({ act, sentence }) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(sentence);
  });
});
