import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BilinearLayer, type Network, outputs } from "../../src/model/index.ts";
import {
  addNullPair,
  permuteHidden,
  perturb,
  randomMask,
  randomPermutation,
  randomScales,
  rescaleHidden,
  splitSquares,
  swapSides,
} from "../../src/symmetry/index.ts";
import { type Matrix, matrix } from "../../src/tensor/index.ts";
import { layer, matrices, networks } from "../support/networks.ts";
import { three } from "../support/whole-numbers.ts";

const drawn = networks(["linear", "bilinear", "linear"], 2, 2);
const residual = networks(["bilinear"], 2, 2);
const one = fc.oneof(drawn, residual);

/** Changes that round nothing on small whole numbers, so that outputs are compared exactly. */
const exact: Record<string, (network: Network, seed: number) => Network> = {
  permuteHidden: (network, seed) =>
    permuteHidden(network, randomPermutation(hiddenOf(network), seed)),
  "rescaleHidden by powers of two": (network, seed) => {
    const { left, right } = randomScales(hiddenOf(network), seed);
    const power = (factor: number) =>
      Math.sign(factor) * 2 ** Math.round(Math.log2(Math.abs(factor)));
    return rescaleHidden(network, { left: left.map(power), right: right.map(power) });
  },
  swapSides: (network, seed) => swapSides(network, randomMask(hiddenOf(network), seed)),
  addNullPair: (network, seed) => {
    const { left, down } = bilinearOf(network);
    const entries = (length: number) => Array.from({ length }, (_, i) => ((seed + i) % 7) - 3);
    return addNullPair(network, {
      left: entries(left.shape[1]),
      right: entries(left.shape[1]).reverse(),
      down: entries(down.shape[0]),
      leftBias: 1,
      rightBias: -2,
    });
  },
  splitSquares: (network) => splitSquares(network),
};

test.for(Object.entries(exact))("%s leaves the function unchanged", ([, change]) => {
  fc.assert(
    fc.property(one, fc.nat(1000), matrices(3, 2), (network, seed, inputs) => {
      expect(plain(outputs(change(network, seed), inputs))).toEqual(
        plain(outputs(network, inputs)),
      );
    }),
  );
});

test.for(Object.entries(exact))("%s leaves the network it is given alone", ([, change]) => {
  const network: Network = { layers: [layer([2, 2, 1], [1, 2, 3, 4], [5, 6, 7, 8], [1, 2])] };
  const before = structuredClone(network);
  change(network, 3);
  expect(network).toEqual(before);
});

const network: Network = { layers: [three] };

test("permuteHidden(network, order) puts unit order[h] in place h", () => {
  const { left, right, down } = bilinearOf(permuteHidden(network, [2, 0, 1]));
  expect([...left.data]).toEqual([3, 1, 2]);
  expect([...right.data]).toEqual([6, 4, 5]);
  expect([...down.data]).toEqual([9, 7, 8]);
});

test("rescaleHidden(network, {left, right}) divides down by both factors", () => {
  const { left, right, down } = bilinearOf(
    rescaleHidden(network, { left: [2, 1, -1], right: [4, 1, -1] }),
  );
  expect([...left.data]).toEqual([2, 2, -3]);
  expect([...right.data]).toEqual([16, 5, -6]);
  expect([...down.data]).toEqual([7 / 8, 8, 9]);
});

test("swapSides(network, mask) exchanges left and right where the mask is true", () => {
  const { left, right, down } = bilinearOf(swapSides(network, [true, false, true]));
  expect([...left.data]).toEqual([4, 2, 6]);
  expect([...right.data]).toEqual([1, 5, 3]);
  expect([...down.data]).toEqual([7, 8, 9]);
});

test("splitSquares(network) has twice the units, left equal to right", () => {
  const { left, right, down } = bilinearOf(splitSquares(network));
  expect(left).toEqual(right);
  expect([...left.data]).toEqual([2.5, -1.5, 3.5, -1.5, 4.5, -1.5]);
  expect([...down.data]).toEqual([7, -7, 8, -8, 9, -9]);
});

test("a bias that was absent appears only where a unit needs it", () => {
  const biased: Network = { layers: [{ ...three, leftBias: Float64Array.of(0, 1, 0) }] };
  const keys = (changed: Network) =>
    Object.keys(bilinearOf(changed)).filter((key) => /Bias/.test(key));
  expect(keys(permuteHidden(network, [0, 2, 1]))).toEqual([]);
  expect(keys(permuteHidden(biased, [0, 2, 1]))).toEqual(["leftBias"]);
  expect(keys(rescaleHidden(biased, randomScales(3, 1)))).toEqual(["leftBias"]);
  expect(keys(swapSides(biased, [true, false, true]))).toEqual(["leftBias"]);
  expect(keys(swapSides(biased, [true, true, true]))).toEqual(["leftBias", "rightBias"]);
});

test("a transformation takes the layer that it is told, else the first bilinear one", () => {
  const linear = { kind: "linear" as const, weight: matrix(1, 1, [1]) };
  const stack: Network = { layers: [linear, three, three] };
  const changedBy = (changed: Network) =>
    stack.layers.map((before, index) => changed.layers[index] !== before);
  expect(changedBy(permuteHidden(stack, [1, 0, 2]))).toEqual([false, true, false]);
  expect(changedBy(permuteHidden(stack, [1, 0, 2], 2))).toEqual([false, false, true]);
  expect(() => permuteHidden(stack, [1, 0, 2], 0)).toThrow(
    "Cannot transform layer 0: expected a bilinear layer, found linear",
  );
  expect(() => splitSquares(stack, 3)).toThrow(
    "Cannot transform layer 3: expected a bilinear layer, found no layer",
  );
  expect(() => splitSquares({ layers: [linear] })).toThrow(
    "Cannot transform hidden units: expected a bilinear layer, found none",
  );
});

describe("parameters that do not fit", () => {
  const cannotPermute =
    "Cannot permute the hidden units of a layer: expected each of 0 to 2 once, found";
  test.for<{ act: () => Network; sentence: string }>([
    { act: () => permuteHidden(network, [0, 1, 1]), sentence: `${cannotPermute} 1 twice` },
    { act: () => permuteHidden(network, [0, 1, 3]), sentence: `${cannotPermute} 3` },
    { act: () => permuteHidden(network, [0, 1, 0.5]), sentence: `${cannotPermute} 0.5` },
    {
      act: () => permuteHidden(network, [0, 1]),
      sentence:
        "Cannot permute the hidden units of a layer: expected 3 entries, one for each hidden unit, found 2",
    },
    {
      act: () => rescaleHidden(network, { left: [1], right: [1, 1, 1] }),
      sentence:
        "Cannot rescale the left sides of a layer: expected 3 entries, one for each hidden unit, found 1",
    },
    {
      act: () => rescaleHidden(network, { left: [1, 1, 1], right: [1, 1] }),
      sentence:
        "Cannot rescale the right sides of a layer: expected 3 entries, one for each hidden unit, found 2",
    },
    {
      act: () => rescaleHidden(network, { left: [1, 0, 1], right: [1, 1, 1] }),
      sentence: "Cannot rescale hidden unit 1: expected a finite factor other than 0, found 0",
    },
    {
      act: () => rescaleHidden(network, { left: [1, 1, 1], right: [1, 1, Number.NaN] }),
      sentence: "Cannot rescale hidden unit 2: expected a finite factor other than 0, found NaN",
    },
    {
      act: () => swapSides(network, [true]),
      sentence:
        "Cannot swap the sides of a layer: expected 3 entries, one for each hidden unit, found 1",
    },
    {
      act: () => addNullPair(network, { left: [1, 2], right: [1], down: [1] }),
      sentence: "Cannot add a null pair: expected left of 1 entries, found 2",
    },
    {
      act: () => addNullPair(network, { left: [1], right: [], down: [1] }),
      sentence: "Cannot add a null pair: expected right of 1 entries, found 0",
    },
    {
      act: () => addNullPair(network, { left: [1], right: [1], down: [1, 2] }),
      sentence: "Cannot add a null pair: expected down of 1 entries, found 2",
    },
    {
      act: () => perturb(network, Number.POSITIVE_INFINITY, 0),
      sentence: "Cannot perturb a network: expected a finite amount, found Infinity",
    },
  ])("$sentence", ({ act, sentence }) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(sentence);
  });
});

function bilinearOf({ layers }: Network): BilinearLayer {
  const found = layers.find((one) => one.kind === "bilinear");
  if (!found) throw new Error("No bilinear layer");
  return found;
}

function hiddenOf(network: Network): number {
  return bilinearOf(network).left.shape[0];
}

/** Entries with −0 as 0. */
function plain({ data }: Matrix): number[] {
  return Array.from(data, (entry) => entry + 0);
}
