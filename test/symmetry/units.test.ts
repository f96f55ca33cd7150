import { describe, expect, test } from "vitest";
import type { Network } from "../../src/model/index.ts";
import { addNullUnit, mixUnits, parallelUnits, shearUnits } from "../../src/symmetry/index.ts";
import { identity } from "../../src/tensor/index.ts";
import { layer } from "../support/networks.ts";
import { bilinearOf, one, stack, two, units } from "../support/whole-numbers.ts";

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

describe("units that do not fit", () => {
  const single: Network = { layers: [units] };
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
  ])("$sentence", ({ act, sentence }) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(sentence);
  });
});
