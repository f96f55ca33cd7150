import { expect, test } from "vitest";
import { type AttentionLayer, checkNetwork, type Layer, type Mask } from "../../src/model/index.ts";
import { matrix, ShapeError } from "../../src/tensor/index.ts";

const embed: Layer = { kind: "linear", weight: matrix(3, 2), bias: new Float64Array(3) };
const body: Layer = {
  kind: "bilinear",
  left: matrix(4, 3),
  right: matrix(4, 3),
  down: matrix(3, 4),
  leftBias: new Float64Array(4),
  rightBias: new Float64Array(4),
  downBias: new Float64Array(3),
  residual: 1,
};

const heads: AttentionLayer = {
  kind: "attention",
  heads: 2,
  query1: matrix(4, 3),
  key1: matrix(4, 3),
  query2: matrix(4, 3),
  key2: matrix(4, 3),
  value: matrix(4, 3),
  output: matrix(3, 4),
  rotaryBase: 10,
};

test("checkNetwork(network) gives the sizes of a network that fits together", () => {
  const head: Layer = { kind: "linear", weight: matrix(5, 3) };
  expect(checkNetwork({ layers: [embed, body, head] })).toEqual({
    dIn: 2,
    dOut: 5,
    nonlinear: 1,
    attention: 0,
    nContext: 1,
  });
  expect(checkNetwork({ layers: [embed], nContext: 4 })).toEqual({
    dIn: 2,
    dOut: 3,
    nonlinear: 0,
    attention: 0,
    nContext: 4,
  });
  expect(checkNetwork({ layers: [embed, heads, body], nContext: 4 })).toEqual({
    dIn: 2,
    dOut: 3,
    nonlinear: 2,
    attention: 1,
    nContext: 4,
  });
});

test.for<{ layers: Layer[]; sentence: string }>([
  { layers: [], sentence: "Cannot use a network: expected at least 1 layer, found 0" },
  {
    layers: [body, embed],
    sentence: "Cannot use layer 1 (linear): expected 3 inputs, the outputs of layer 0, found 2",
  },
  {
    layers: [{ ...embed, bias: new Float64Array(2) }],
    sentence: "Cannot use bias of layer 0 (linear): expected 3 numbers, found 2",
  },
  {
    layers: [{ kind: "linear", weight: { shape: [2, 2], data: new Float64Array(3) } }],
    sentence: "Cannot use weight of layer 0 (linear): expected 4 numbers for shape [2, 2], found 3",
  },
  {
    layers: [{ kind: "linear", weight: matrix(0, 2) }],
    sentence: "Cannot use weight of layer 0 (linear): expected axes of at least 1, found [0, 2]",
  },
  {
    layers: [embed, { ...body, right: matrix(4, 2) }],
    sentence: "Cannot use right of layer 1 (bilinear): expected shape [4, 3], found [4, 2]",
  },
  {
    layers: [embed, { ...body, down: matrix(3, 5) }],
    sentence: "Cannot use down of layer 1 (bilinear): expected shape [3, 4], found [3, 5]",
  },
  {
    layers: [embed, { ...body, leftBias: new Float64Array(5) }],
    sentence: "Cannot use leftBias of layer 1 (bilinear): expected 4 numbers, found 5",
  },
  {
    layers: [embed, { ...body, rightBias: new Float64Array(3) }],
    sentence: "Cannot use rightBias of layer 1 (bilinear): expected 4 numbers, found 3",
  },
  {
    layers: [embed, { ...body, downBias: new Float64Array(4) }],
    sentence: "Cannot use downBias of layer 1 (bilinear): expected 3 numbers, found 4",
  },
  {
    layers: [{ ...body, down: matrix(2, 4), downBias: new Float64Array(2) }],
    sentence:
      "Cannot use residual of layer 0 (bilinear): expected as many outputs as inputs, found 2 outputs and 3 inputs",
  },
  {
    layers: [{ ...heads, key2: matrix(4, 2) }],
    sentence: "Cannot use key2 of layer 0 (attention): expected shape [4, 3], found [4, 2]",
  },
  {
    layers: [{ ...heads, output: matrix(3, 3) }],
    sentence: "Cannot use output of layer 0 (attention): expected shape [3, 4], found [3, 3]",
  },
  {
    layers: [{ ...heads, key1Bias: new Float64Array(3) }],
    sentence: "Cannot use key1Bias of layer 0 (attention): expected 4 numbers, found 3",
  },
  {
    layers: [{ ...heads, heads: 4 }],
    sentence:
      "Cannot use rotaryBase of layer 0 (attention): expected heads of even width, found width 1",
  },
  {
    layers: [{ ...heads, output: matrix(2, 4), residual: 1 }],
    sentence:
      "Cannot use residual of layer 0 (attention): expected as many outputs as inputs, found 2 outputs and 3 inputs",
  },
])("checkNetwork(network) throws: $sentence", ({ layers, sentence }) => {
  expect(() => checkNetwork({ layers, nContext: 2 })).toThrow(ShapeError);
  expect(() => checkNetwork({ layers, nContext: 2 })).toThrow(sentence);
});

test.for<{ layers: Layer[]; sentence: string; nContext?: number | undefined }>([
  {
    layers: [{ kind: "linear", weight: matrix(2, 2, [1, 2, 3, Number.NaN]) }],
    sentence: "Cannot use weight of layer 0 (linear): expected finite numbers, found NaN at [1, 1]",
  },
  {
    layers: [{ ...embed, bias: Float64Array.of(0, Number.NEGATIVE_INFINITY, 0) }],
    sentence:
      "Cannot use bias of layer 0 (linear): expected finite numbers, found -Infinity at [1]",
  },
  {
    layers: [{ ...body, gain: Number.NaN }],
    sentence: "Cannot use gain of layer 0 (bilinear): expected a finite number, found NaN",
  },
  {
    layers: [{ ...body, residual: Number.POSITIVE_INFINITY }],
    sentence: "Cannot use residual of layer 0 (bilinear): expected a finite number, found Infinity",
  },
  {
    layers: [{ ...heads, heads: 3 }],
    sentence:
      "Cannot use heads of layer 0 (attention): expected a whole number that divides the 4 rows of query1, found 3",
  },
  {
    layers: [{ ...heads, heads: 0 }],
    sentence: "expected a whole number that divides the 4 rows of query1, found 0",
  },
  {
    layers: [{ ...heads, mask: "all" as Mask }],
    sentence:
      'Cannot use mask of layer 0 (attention): expected "causal", "none" or "diag", found "all"',
  },
  {
    layers: [{ ...heads, rotaryBase: 0 }],
    sentence:
      "Cannot use rotaryBase of layer 0 (attention): expected a finite number above 0, found 0",
  },
  {
    layers: [{ ...heads, gain: Number.NaN }],
    sentence: "Cannot use gain of layer 0 (attention): expected a finite number, found NaN",
  },
  {
    layers: [heads],
    nContext: undefined,
    sentence:
      "Cannot use a network: expected nContext, the number of positions, to be a whole number of at least 1, found none",
  },
  {
    layers: [body],
    nContext: 0.5,
    sentence:
      "Cannot use a network: expected nContext, the number of positions, to be a whole number of at least 1, found 0.5",
  },
])("checkNetwork(network) throws: $sentence", ({ layers, sentence, ...context }) => {
  const nContext = "nContext" in context ? context.nContext : 2;
  const network = { layers, ...(nContext === undefined ? {} : { nContext }) };
  expect(() => checkNetwork(network)).toThrow(RangeError);
  expect(() => checkNetwork(network)).toThrow(sentence);
});
