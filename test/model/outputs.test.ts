import { describe, expect, test } from "vitest";
import {
  type AttentionLayer,
  type Mask,
  type Network,
  outputs,
  randomBilinear,
  rotate,
} from "../../src/model/index.ts";
import { identity, matrix } from "../../src/tensor/index.ts";
import { layer, monomial } from "../support/networks.ts";
import { cases, expectAllClose, type Model, networkOf } from "../support/vectors.ts";

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

/** One head of width 1 with s1 = 2x[t] · x[u], s2 = (x[t] + 1) · 3x[u], v = x[u], then O = 5. */
const head: AttentionLayer = {
  kind: "attention",
  heads: 1,
  query1: matrix(1, 1, [2]),
  key1: matrix(1, 1, [1]),
  query2: matrix(1, 1, [1]),
  key2: matrix(1, 1, [3]),
  value: matrix(1, 1, [1]),
  output: matrix(1, 1, [5]),
  query2Bias: Float64Array.of(1),
};

test.for<{ mask?: Mask; y: number[]; sums: string }>([
  { y: [60, 1620], sums: "the first position sees itself, the second both" },
  { mask: "causal", y: [60, 1620], sums: "as by default" },
  { mask: "none", y: [540, 1620], sums: "each sees both" },
  { mask: "diag", y: [60, 1440], sums: "each sees itself" },
])("outputs(network, inputs) with mask $mask: $sums", ({ mask, y }) => {
  // 5 · 2x[t] · (x[t] + 1) · 3 · Σ x[u]³ at x = (1, 2): 60 · (1 or 8 or 9), 180 · (…)
  const layer = mask ? { ...head, mask } : head;
  const inputs = { shape: [1, 2, 1], data: Float64Array.of(1, 2) };
  const found = outputs({ layers: [layer], nContext: 2 }, inputs);
  expect(found.shape).toEqual([1, 2, 1]);
  expect([...found.data]).toEqual(y);
  const through = { ...layer, residual: 100, gain: 2 };
  const both = outputs({ layers: [through], nContext: 2 }, inputs);
  expect([...both.data]).toEqual([2 * y[0]! + 100, 2 * y[1]! + 200]);
});

test("outputs(network, inputs) divides each score by the head width", () => {
  const wide: AttentionLayer = {
    kind: "attention",
    heads: 1,
    query1: matrix(2, 1, [1, 0]),
    key1: matrix(2, 1, [1, 0]),
    query2: matrix(2, 1, [1, 0]),
    key2: matrix(2, 1, [1, 0]),
    value: matrix(2, 1, [1, 0]),
    output: matrix(1, 2, [1, 0]),
  };
  const inputs = { shape: [1, 1, 1], data: Float64Array.of(2) };
  expect([...outputs({ layers: [wide], nContext: 1 }, inputs).data]).toEqual([2 ** 5 / 4]);
});

test("outputs(network, inputs) keeps inputs and positions apart", () => {
  const network: Network = { layers: [head], nContext: 3 };
  const apart = [1, 2, 3, 4].map((x) => {
    const inputs = { shape: [1, 2, 1], data: Float64Array.of(x, -x) };
    return [...outputs(network, inputs).data];
  });
  const data = Float64Array.from([1, 2, 3, 4].flatMap((x) => [x, -x]));
  expect([...outputs(network, { shape: [4, 2, 1], data }).data]).toEqual(apart.flat());
});

test("outputs(network, inputs) applies other layers to each position by itself", () => {
  const found = outputs(monomial(0, 1), { shape: [1, 2, 2], data: Float64Array.of(2, 5, -1, 4) });
  expect(found).toEqual({ shape: [1, 2, 1], data: Float64Array.of(10, -4) });
});

test.for([
  { shape: [2, 1], fault: "3 axes [N, n, dIn], found 2" },
  { shape: [1, 4, 1], fault: "at most 3 positions, found 4" },
  { shape: [2, 3, 2], fault: "1 columns, found 2" },
])("outputs(network, inputs) of attention expected $fault", ({ shape, fault }) => {
  const inputs = { shape, data: new Float64Array(shape.reduce((size, axis) => size * axis)) };
  expect(() => outputs({ layers: [head], nContext: 3 }, inputs)).toThrow(
    `Cannot apply a network to inputs of shape [${shape.join(", ")}]: expected ${fault}`,
  );
});

test("outputs(network, inputs) takes 2 or 3 axes", () => {
  expect(() => outputs(monomial(0, 1), { shape: [2], data: new Float64Array(2) })).toThrow(
    "Cannot apply a network to inputs of shape [2]: expected 2 or 3 axes, found 1",
  );
});

describe("outputs(network, inputs) agrees with the independent implementation", () => {
  type Nested = readonly (number | Nested)[];
  const forward = cases<{ model?: Model; x: Nested }, { y: Nested }>("forward").filter(
    ({ input }) => input.model,
  );
  test("there are such cases", () => expect(forward.length).toBe(7));
  test.for(forward)("$name", ({ input, expected }) => {
    const shape: number[] = [];
    for (let x: Nested | number = input.x; typeof x !== "number"; x = x[0]!) shape.push(x.length);
    const flat = (x: Nested) => x.flat(2) as number[];
    const inputs = { shape, data: Float64Array.from(flat(input.x)) };
    const found = outputs(networkOf(input.model!), inputs);
    expectAllClose(found.data, flat(expected.y));
  });
});

describe("rotate agrees with the independent implementation", () => {
  const rotations = cases<
    { position: number; d_head: number; base: number },
    { matrix: number[][] }
  >("forward").filter(({ expected }) => expected.matrix);
  test("there are such cases", () => expect(rotations.length).toBe(5));
  test.for(rotations)("$name", ({ input, expected }) => {
    const { position, d_head: width, base } = input;
    const columns = identity(width).data as Float64Array;
    for (let start = 0; start < width; start++) {
      rotate(columns, { start, stride: width, width }, position, base);
    }
    expectAllClose(columns, expected.matrix.flat());
  });
});
