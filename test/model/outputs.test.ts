import { describe, expect, test } from "vitest";
import { outputs, randomBilinear } from "../../src/model/index.ts";
import { matrix } from "../../src/tensor/index.ts";
import { layer, monomial } from "../support/networks.ts";
import {
  cases,
  expectAllClose,
  isFeedForward,
  type Model,
  matrixOf,
  networkOf,
} from "../support/vectors.ts";

test("outputs(network, inputs) of x₀x₁ is the product of the two columns", () => {
  const inputs = matrix(3, 2, [2, 5, -1, 4, 0, 7]);
  expect([...outputs(monomial(0, 1), inputs).data]).toEqual([10, -4, 0]);
  expect(outputs(monomial(0, 1), inputs).shape).toEqual([3, 1]);
});

test("outputs(network, inputs) adds biases, gain and residual", () => {
  // residual·x + gain·(D((Lx + bl)⊙(Rx + br)) + bd) at x = 5: 2·5 + 3·(4·(5 + 1)(2·5 + 1) − 7)
  const biased = {
    ...layer([1, 1, 1], [1], [2], [4]),
    leftBias: Float64Array.of(1),
    rightBias: Float64Array.of(1),
    downBias: Float64Array.of(-7),
    residual: 2,
    gain: 3,
  };
  expect([...outputs({ layers: [biased] }, matrix(1, 1, [5])).data]).toEqual([781]);
});

test("outputs(network, inputs) leaves the inputs alone", () => {
  const inputs = matrix(1, 2, [2, 3]);
  outputs(randomBilinear({ dIn: 2, dHidden: 3, dOut: 2 }), inputs);
  expect([...inputs.data]).toEqual([2, 3]);
});

test("outputs(network, inputs) names the columns it expected", () => {
  expect(() => outputs(monomial(0, 1), matrix(4, 3))).toThrow(
    "Cannot apply a network to inputs of shape [4, 3]: expected 2 columns, found 3",
  );
});

describe("outputs(network, inputs) agrees with the independent implementation", () => {
  const forward = cases<{ model?: Model; x: number[][] }, { y: number[][] }>("forward").filter(
    ({ input }) => input.model && isFeedForward(input.model),
  );
  test("there are such cases", () => expect(forward.length).toBe(3));
  test.for(forward)("$name", ({ input, expected }) => {
    const found = outputs(networkOf(input.model!), matrixOf(input.x));
    expectAllClose(found.data, expected.y.flat());
  });
});
