import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BilinearLayer,
  chainPlan,
  type Network,
  outputs,
  randomBilinear,
} from "../../src/model/index.ts";
import {
  algorithm,
  distance,
  innerProduct,
  type SimilarityOptions,
  similarity,
  slices,
  weightCosine,
} from "../../src/similarity/index.ts";
import { permuteHidden, splitSquares } from "../../src/symmetry/index.ts";
import { identity, matrix, product } from "../../src/tensor/index.ts";
import { bilinear, layer, monomial, networks } from "../support/networks.ts";

const small = randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed: 1 });
const other = randomBilinear({ dIn: 3, dHidden: 6, dOut: 2, seed: 2 });

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

describe("innerProduct(a, b) equals, exactly on small whole numbers, the sum over dense tensors", () => {
  const kinds = ["linear", "bilinear", "linear"] as const;
  const pair = fc.tuple(networks(kinds, 2, 2), networks(kinds, 2, 2));
  const bare = fc.tuple(bilinear(3, 3), bilinear(3, 3));

  test("symmetric: the parts of degree 2", async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => {
        const found = await innerProduct(a, b, { metric: "symmetric" });
        expect(found.value + 0).toBe(dense(a, b, 2, { quadratic: 1, linear: 0, constant: 0 }) + 0);
      }),
    );
  });

  test.for(["padded", "recursion"] as const)(
    "%s: degrees 2, 1 and 0 count 1, ½ and 1",
    async (metric) => {
      await fc.assert(
        fc.asyncProperty(pair, async ([a, b]) => {
          const found = await innerProduct(a, b, { metric });
          expect(found.value + 0).toBe(
            dense(a, b, 2, { quadratic: 1, linear: 0.5, constant: 1 }) + 0,
          );
        }),
      );
    },
  );

  test("the same with residuals", async () => {
    await fc.assert(
      fc.asyncProperty(bare, async (layers) => {
        const [a, b] = [{ layers: [layers[0]] }, { layers: [layers[1]] }];
        const symmetric = await innerProduct(a, b);
        const padded = await innerProduct(a, b, { metric: "padded" });
        const top = { quadratic: 1, linear: 0, constant: 0 };
        expect(symmetric.value + 0).toBe(dense(a, b, 3, top) + 0);
        const all = { quadratic: 1, linear: 0.5, constant: 1 };
        expect(padded.value + 0).toBe(dense(a, b, 3, all) + 0);
      }),
    );
  });

  test("frobenius: every T[o, i, j] = gain Σ_h D[o, h] L[h, i] R[h, j]", async () => {
    await fc.assert(
      fc.asyncProperty(bare, async ([a, b]) => {
        const found = await innerProduct({ layers: [a] }, { layers: [b] }, { symmetrise: false });
        expect(found.value + 0).toBe(rawProduct(a, b) + 0);
      }),
    );
  });

  test("linear networks: every weight, and every bias", async () => {
    const affine = networks(["linear", "linear"], 2, 2);
    await fc.assert(
      fc.asyncProperty(affine, affine, async (a, b) => {
        const found = await innerProduct(a, b);
        expect(found.metric).toBe("recursion");
        expect(found.value + 0).toBe(dense(a, b, 2, { quadratic: 0, linear: 1, constant: 1 }) + 0);
      }),
    );
  });
});

test("maps before and after the layer count the same, kept apart or multiplied in", async () => {
  const body = randomBilinear({ dIn: 3, dHidden: 20, dOut: 2, seed: 5 }).layers[0] as BilinearLayer;
  const input = (
    randomBilinear({ dIn: 200, dHidden: 3, dOut: 1, seed: 6 }).layers[0] as BilinearLayer
  ).left;
  const output = (
    randomBilinear({ dIn: 2, dHidden: 90, dOut: 1, seed: 7 }).layers[0] as BilinearLayer
  ).left;
  const apart: Network = {
    layers: [{ kind: "linear", weight: input }, body, { kind: "linear", weight: output }],
  };
  const within: Network = {
    layers: [
      {
        ...body,
        left: product(body.left, input),
        right: product(body.right, input),
        down: product(output, body.down),
      },
    ],
  };
  expect(chainPlan([apart], false)).toEqual({ padded: false, lead: true, head: true });
  expect(chainPlan([within], false)).toEqual({ padded: false, lead: false, head: false });
  for (const metric of ["symmetric", "frobenius", "padded", "recursion"] as const) {
    const found = [
      await innerProduct(apart, apart, { metric }),
      await innerProduct(apart, within, { metric }),
      await innerProduct(within, apart, { metric }),
    ];
    const { value } = await innerProduct(within, within, { metric });
    for (const one of found) expect(Math.abs(one.value / value - 1)).toBeLessThan(1e-13);
  }
});

test("gaussian is the expected product of the outputs, over the nodes of an exact quadrature", async () => {
  // In one dimension E[f(x)] of degree ≤ 5 is ⅙ f(−√3) + ⅔ f(0) + ⅙ f(√3); in two, its square.
  const nodes = [-Math.sqrt(3), 0, Math.sqrt(3)].map((x, k) => ({ x, weight: [1, 4, 1][k]! / 6 }));
  const grid = nodes.flatMap((u) =>
    nodes.map((v) => ({ x: [u.x, v.x], weight: u.weight * v.weight })),
  );
  const inputs = matrix(
    9,
    2,
    grid.flatMap(({ x }) => x),
  );
  const drawn = networks(["linear", "bilinear", "linear"], 2, 2);
  await fc.assert(
    fc.asyncProperty(drawn, drawn, async (a, b) => {
      const [ya, yb] = [outputs(a, inputs).data, outputs(b, inputs).data];
      let expected = 0;
      let size = 1;
      for (const [n, { weight }] of grid.entries()) {
        for (const o of [2 * n, 2 * n + 1]) {
          expected += weight * ya[o]! * yb[o]!;
          size += weight * Math.abs(ya[o]! * yb[o]!);
        }
      }
      const { value } = await innerProduct(a, b, { metric: "gaussian" });
      expect(Math.abs(value - expected)).toBeLessThan(1e-12 * size);
    }),
  );
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

describe("slices(a, b)", () => {
  test("has one cosine an output, whose products add up to the inner product", async () => {
    const found = await slices(small, other);
    expect(found.shape).toEqual([2]);
    const { value } = await innerProduct(small, other);
    expect(found.products[0]! + found.products[1]!).toBeCloseTo(value, 15);
    for (const slice of [0, 1]) {
      expect((await similarity(small, other, { slice })).value).toBe(found.data[slice]);
      expect((await innerProduct(small, other, { slice })).value).toBe(found.products[slice]);
    }
    expect(found.norms).toEqual((await similarity(small, other)).norms);
    expect(found.slice).toBe(null);
  });

  test("is NaN, and counted, where an output is below 1e-7 of its network", async () => {
    const faint = (size: number): Network => ({
      layers: [layer([2, 2, 2], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, size])],
    });
    const found = await slices(faint(1), faint(1e-8));
    expect(found.data).toEqual(Float64Array.of(1, Number.NaN));
    expect(found.undefinedAt).toEqual([1]);
    expect((await slices(faint(1), faint(1e-6))).undefinedAt).toEqual([]);
    expect((await similarity(faint(1), faint(1e-8), { slice: 1 })).value).toBe(Number.NaN);
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

describe("weightCosine(a, b)", () => {
  const linear = (...row: number[]): Network => ({
    layers: [{ kind: "linear", weight: matrix(1, row.length, row), bias: Float64Array.of(1) }],
  });

  test("is the cosine of weights and biases in order", async () => {
    const { value, norms, metric, engine } = await weightCosine(linear(2, 2), linear(2, 0));
    expect(value).toBeCloseTo(5 / (3 * Math.sqrt(5)), 15);
    expect(norms).toEqual([3, Math.sqrt(5)]);
    expect([metric, engine.name]).toEqual(["weight cosine", "loops"]);
  });

  test("with a slice takes that row of the last layer's weights only", async () => {
    const [first] = small.layers as [BilinearLayer];
    const changed: Network = {
      layers: [
        {
          ...first,
          left: matrix(4, 3),
          down: matrix(2, 4, [1, 0, 0, 0, ...first.down.data.slice(4)]),
        },
      ],
    };
    expect((await weightCosine(small, changed, { slice: 1 })).value).toBeCloseTo(1, 15);
    expect((await weightCosine(small, changed, { slice: 0 })).value).not.toBeCloseTo(1, 2);
  });

  test("falls when hidden units are permuted, tensor similarity does not", async () => {
    const permuted = permuteHidden(small, [3, 0, 1, 2]);
    expect((await weightCosine(small, permuted)).value).toBeLessThan(0.9);
    expect((await similarity(small, permuted)).value).toBeCloseTo(1, 14);
  });

  test("throws when the tensors differ", async () => {
    await expect(weightCosine(small, other)).rejects.toThrow(
      'Cannot compare the weights of "b" with "a": expected left of layer 0 of shape [4, 3], found left of layer 0 of shape [6, 3]',
    );
    await expect(
      weightCosine(linear(1), { layers: [{ kind: "linear", weight: matrix(1, 1) }] }),
    ).rejects.toThrow(
      'Cannot compare the weights of "b" with "a": expected bias of layer 0 of shape [1], found no more tensors',
    );
    await expect(weightCosine(linear(1), linear(1), { slice: 1 })).rejects.toThrow(
      "Cannot compare slice 1: expected an output from 0 to 0, found 1",
    );
  });
});

describe("networks or options that do not fit", () => {
  const bad = { layers: [{ kind: "linear" as const, weight: matrix(1, 3, [1, 2, Number.NaN]) }] };
  const deep: Network = {
    layers: [layer([3, 1, 3], [1, 0, 0], [1, 0, 0], [1, 0, 0]), ...small.layers],
  };
  const gaussian = { metric: "gaussian" } as const;
  test.for<{ b?: Network; options?: SimilarityOptions; sentence: string; a?: Network }>([
    {
      b: randomBilinear({ dIn: 4, dHidden: 4, dOut: 2 }),
      sentence: 'Cannot compare "b" with "a": expected dIn 3, found 4',
    },
    {
      b: randomBilinear({ dIn: 3, dHidden: 4, dOut: 5 }),
      sentence: 'Cannot compare "b" with "a": expected dOut 2, found 5',
    },
    {
      b: deep,
      sentence: 'Cannot compare "b" with "a": expected number of bilinear layers 1, found 2',
    },
    {
      b: bad,
      sentence:
        'Cannot use weight of layer 0 (linear) of "b": expected finite numbers, found NaN at [0, 2]',
    },
    { b: { layers: [] }, sentence: 'Cannot use "b": expected at least 1 layer, found 0' },
    {
      options: { slice: 2 },
      sentence: "Cannot compare slice 2: expected an output from 0 to 1, found 2",
    },
    {
      options: { slice: 0.5 },
      sentence: "Cannot compare slice 0.5: expected an output from 0 to 1, found 0.5",
    },
    {
      options: { metric: "euclid" as "symmetric" },
      sentence:
        'Cannot compare networks by metric "euclid": expected one of symmetric, frobenius, padded, gaussian, recursion, frobenius recursion, closure, exact gaussian, exact symmetric',
    },
    {
      options: { metric: "padded", symmetrise: false },
      sentence:
        'Cannot compare networks by metric "padded" without symmetrising: expected symmetric, frobenius, recursion or frobenius recursion',
    },
    {
      a: deep,
      b: deep,
      options: { metric: "symmetric" },
      sentence:
        'Cannot compare networks by metric "symmetric": expected 1 bilinear layer, found 2; "recursion" takes any number',
    },
    {
      options: { engine: "abacus" as "wasm" },
      sentence: "Cannot use an engine: expected one of",
    },
    {
      options: { input: { mean: [0, 0, 0] } },
      sentence:
        'Cannot use an input distribution with metric "symmetric": expected one of gaussian, closure, exact gaussian, monte carlo',
    },
    {
      options: { ...gaussian, input: { mean: [0, 0] } },
      sentence: "Cannot use an input mean: expected 3 numbers, found 2",
    },
    {
      options: { ...gaussian, input: { mean: [0, Number.NaN, 0] } },
      sentence: "Cannot use an input mean: expected finite numbers, found NaN",
    },
    {
      options: { ...gaussian, input: { covariance: identity(2) } },
      sentence: "Cannot use an input covariance: expected shape [3, 3], found [2, 2]",
    },
    {
      options: { ...gaussian, input: { covariance: matrix(3, 3, [1, 2, 0, 0, 1, 0, 0, 0, 1]) } },
      sentence:
        "Cannot use an input covariance: expected a symmetric matrix, found 0 at [1, 0] and 2 at [0, 1]",
    },
    {
      options: { ...gaussian, input: { covariance: matrix(3, 3, [1, 2, 0, 2, 1, 0, 0, 0, 1]) } },
      sentence: "Cannot use an input covariance: expected no negative eigenvalue",
    },
    {
      options: { ...gaussian, input: { covariance: matrix(3, 3, [1, 0, 0, 0, -1, 0, 0, 0, 1]) } },
      sentence: "Cannot use an input covariance: expected no negative eigenvalue",
    },
    {
      options: {
        ...gaussian,
        input: { covariance: matrix(3, 3, [Number.NaN, 0, 0, 0, 1, 0, 0, 0, 1]) },
      },
      sentence: "Cannot use an input covariance: expected finite numbers, found NaN",
    },
  ])("$sentence", async ({ a = small, b = other, options, sentence }) => {
    for (const compare of [innerProduct, similarity, distance]) {
      await expect(compare(a, b, options)).rejects.toThrow(sentence);
    }
    if (options?.slice === undefined) await expect(slices(a, b, options)).rejects.toThrow(sentence);
  });

  test("metrics of tensors refuse attention; weight cosines take it", async () => {
    const weights = (from: number) => matrix(2, 2, [from, 1, 2, 3]);
    const heads = (from: number): Network => ({
      nContext: 2,
      layers: [
        {
          kind: "attention",
          heads: 1,
          ...{ query1: weights(0), key1: weights(0), query2: weights(0), key2: weights(0) },
          ...{ value: weights(0), output: weights(from) },
        },
      ],
    });
    await expect(similarity(heads(0), heads(1), { metric: "symmetric" })).rejects.toThrow(
      'Cannot compare networks by metric "symmetric": expected no attention layer, found 1; "closure" takes any layers',
    );
    const { value } = await weightCosine(heads(0), heads(4), { slice: 0 });
    expect(value).toBeCloseTo(1 / Math.sqrt(17), 15);
  });

  test("an aborted signal rejects with its reason", async () => {
    const signal = AbortSignal.abort(new Error("Enough"));
    await expect(similarity(small, other, { signal })).rejects.toThrow("Enough");
    await expect(weightCosine(small, small, { signal })).rejects.toThrow("Enough");
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

interface Degrees {
  readonly quadratic: number;
  readonly linear: number;
  readonly constant: number;
}

/** The inner product of two polynomials of degree 2, each read off its values at a few points. */
function dense(a: Network, b: Network, dIn: number, weight: Degrees): number {
  const [p, q] = [coefficients(a, dIn), coefficients(b, dIn)];
  const dot = (x: number[], y: number[]) => x.reduce((sum, entry, i) => sum + entry * y[i]!, 0);
  return (
    weight.constant * dot(p.constant, q.constant) +
    weight.linear * dot(p.linear, q.linear) +
    weight.quadratic * dot(p.quadratic, q.quadratic)
  );
}

/** Of each output: c, p_i and the symmetric q_ij of c + Σ p_i x_i + Σ q_ij x_i x_j. */
function coefficients(network: Network, dIn: number) {
  const f = (...places: readonly [number, number][]): number[] => {
    const x = matrix(1, dIn);
    for (const [i, value] of places) x.data[i]! += value;
    return [...outputs(network, x).data];
  };
  const axes = Array.from({ length: dIn }, (_, i) => i);
  const constant = f();
  const linear = axes.flatMap((i) => {
    const [up, down] = [f([i, 1]), f([i, -1])];
    return constant.map((_, o) => (up[o]! - down[o]!) / 2);
  });
  const quadratic = axes.flatMap((i) =>
    axes.flatMap((j) => {
      const [both, one, two] = [f([i, 1], [j, 1]), f([i, 1]), f([j, 1])];
      return constant.map((c, o) => (both[o]! - one[o]! - two[o]! + c) / 2);
    }),
  );
  return { constant, linear, quadratic };
}

function rawProduct(a: BilinearLayer, b: BilinearLayer): number {
  const entry = (
    { left, right, down, gain = 1 }: BilinearLayer,
    o: number,
    i: number,
    j: number,
  ) => {
    const [hidden, dIn] = left.shape;
    let sum = 0;
    for (let h = 0; h < hidden; h++) {
      sum += down.data[o * hidden + h]! * left.data[h * dIn + i]! * right.data[h * dIn + j]!;
    }
    return gain * sum;
  };
  let product = 0;
  for (let o = 0; o < 3; o++) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) product += entry(a, o, i, j) * entry(b, o, i, j);
    }
  }
  return product;
}
