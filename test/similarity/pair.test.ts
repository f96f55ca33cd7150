import { describe, expect, test } from "vitest";
import { type BilinearLayer, type Network, randomBilinear } from "../../src/model/index.ts";
import {
  algorithm,
  distance,
  innerProduct,
  similarity,
  slices,
} from "../../src/similarity/index.ts";
import { splitSquares } from "../../src/symmetry/index.ts";
import { identity } from "../../src/tensor/index.ts";
import { layer, monomial } from "../support/networks.ts";
import { other, small } from "../support/two-networks.ts";

test.for([
  { a: monomial(0, 0), b: monomial(0, 0), product: 1, cosine: 1, why: "x₀² and itself" },
  { a: monomial(0, 1), b: monomial(0, 1), product: 0.5, cosine: 1, why: "x₀x₁ and itself" },
  {
    a: monomial(0, 1),
    b: monomial(1, 0),
    product: 0.5,
    cosine: 1,
    why: "x₀x₁ and x₁x₀, one function",
  },
  {
    a: monomial(0, 0),
    b: monomial(1, 1),
    product: 0,
    cosine: 0,
    why: "x₀² and x₁², nothing in common",
  },
])("$why: inner product $product, similarity $cosine", async ({ a, b, product, cosine }) => {
  expect((await innerProduct(a, b)).value).toBe(product);
  expect((await similarity(a, b)).value).toBeCloseTo(cosine, 15);
});

test("without symmetrising x₀x₁ and x₁x₀ have nothing in common", async () => {
  const found = await similarity(monomial(0, 1), monomial(1, 0), { symmetrise: false });
  expect(found.value).toBe(0);
  expect(found.metric).toBe("frobenius");
});

describe("similarity(a, b)", () => {
  test("is 1 to the last bits for a network and itself, and computed", async () => {
    const { value } = await similarity(small, small);
    expect(Math.abs(value - 1)).toBeLessThanOrEqual(2 ** -52);
  });

  test("does not depend on the order", async () => {
    const there = await similarity(small, other);
    const back = await similarity(other, small);
    expect(Math.abs(there.value - back.value)).toBeLessThan(1e-15);
  });

  test("ignores a positive factor and shows a negative one", async () => {
    const [first] = small.layers as [BilinearLayer];
    const times = (gain: number): Network => ({ layers: [{ ...first, gain }] });
    expect((await similarity(small, times(3))).value).toBeCloseTo(1, 14);
    expect((await similarity(small, times(-2.5))).value).toBeCloseTo(-1, 14);
  });

  test("is 0 when a network is zero", async () => {
    const zero: Network = { layers: [layer([2, 1, 1], [0, 0], [1, 0], [1])] };
    for (const [a, b] of [
      [zero, monomial(0, 1)],
      [monomial(0, 1), zero],
      [zero, zero],
    ] as const) {
      expect((await similarity(a, b)).value).toBe(0);
      expect((await slices(a, b)).data).toEqual(Float64Array.of(0));
    }
  });

  test.for(["float64", "float32"] as const)(
    "is 0, not noise, for a network that cancels up to rounding in %s",
    async (precision) => {
      for (let seed = 0; seed < 12; seed++) {
        const found = await similarity(cancelling(seed), small, { precision });
        expect(found.value).toBe(0);
        expect(found.norms[0]).toBe(0);
      }
    },
  );

  test("stays in range when weights do not", async () => {
    const scaled = (by: number): Network => ({
      layers: [layer([2, 1, 1], [by, 0], [by, by], [1])],
    });
    for (const by of [1e200, 1e-200]) {
      expect((await similarity(scaled(by), scaled(1))).value).toBeCloseTo(1, 14);
    }
    expect((await innerProduct(scaled(1e200), scaled(1e200))).value).toBe(Number.POSITIVE_INFINITY);
  });

  test("stays in range through a deep stack", async () => {
    const one = (by: number) => layer([1, 1, 1], [by], [by], [by]);
    const deep = (by: number): Network => ({ layers: Array.from({ length: 8 }, () => one(by)) });
    expect((await similarity(deep(1e10), deep(1e-10))).value).toBeCloseTo(1, 12);
    expect((await similarity(deep(1e10), deep(-1e10))).value).toBeCloseTo(-1, 12);
  });

  test("pads both networks when only one has a bias", async () => {
    const stack = (bias?: Float64Array): Network => ({
      layers: [
        monomial(0, 1).layers[0]!,
        { kind: "linear", weight: identity(1), ...(bias ? { bias } : {}) },
      ],
    });
    const options = { metric: "recursion" } as const;
    // (x₀x₁ + 3)·(x₀x₁): the constant 3 meets 0, so only ½ of the quadratic parts is left.
    const { value } = await innerProduct(stack(Float64Array.of(3)), stack(), options);
    expect(value).toBe(0.5);
    expect((await innerProduct(stack(), stack(Float64Array.of(3)), options)).value).toBe(0.5);
  });

  test("says what it is", async () => {
    const { value, norms, engine, exactFor, ...rest } = await similarity(small, other, {
      slice: 1,
    });
    expect(rest).toEqual({
      metric: "symmetric",
      exact: true,
      route: "gram",
      precision: "float64",
      algorithm,
      slice: 1,
    });
    expect(engine).toEqual({
      name: "wasm",
      precisions: ["float64", "float32"],
      threads: expect.any(Number),
      deterministic: true,
    });
    expect(exactFor).toMatch(/^the parts of degree 2/);
    const reference = await similarity(small, other, { engine: "reference", slice: 1 });
    expect(reference.engine.name).toBe("reference");
    expect(reference.value).toBeCloseTo(value, 14);
  });

  test("in float32 differs by about 1e-7", async () => {
    const single = await similarity(small, other, { precision: "float32" });
    const double = await similarity(small, other);
    expect(single.precision).toBe("float32");
    expect(single.value).not.toBe(double.value);
    expect(Math.abs(single.value - double.value)).toBeLessThan(1e-6);
  });
});

describe("distance(a, b)", () => {
  test("is 0 for a network and itself", async () => {
    expect((await distance(small, small)).value).toBe(0);
  });

  test("is the norm of the difference: x₀² from x₁² is √2 away", async () => {
    expect((await distance(monomial(0, 0), monomial(1, 1))).value).toBe(Math.SQRT2);
  });
});

/** A layer less the same layer in squares: the zero function, but no product in it is 0. */
function cancelling(seed: number): Network {
  const network = randomBilinear({ dIn: 3, dHidden: 12, dOut: 2, seed });
  const [plus] = network.layers as [BilinearLayer];
  const [minus] = splitSquares(network).layers as [BilinearLayer];
  const down = [0, 1].flatMap((o) => [
    ...plus.down.data.slice(12 * o, 12 * (o + 1)),
    ...minus.down.data.slice(24 * o, 24 * (o + 1)).map((entry) => -entry),
  ]);
  const left = [...plus.left.data, ...minus.left.data];
  const right = [...plus.right.data, ...minus.right.data];
  return { layers: [layer([3, 36, 2], left, right, down)] };
}
