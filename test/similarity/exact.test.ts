import { describe, expect, test } from "vitest";
import { type BilinearLayer, type Network, randomBilinear } from "../../src/model/index.ts";
import {
  innerProduct,
  type Metric,
  monteCarlo,
  type SimilarityOptions,
  similarity,
  similarityMatrix,
  slices,
} from "../../src/similarity/index.ts";
import { splitSquares } from "../../src/symmetry/index.ts";
import { identity, matrix } from "../../src/tensor/index.ts";
import { expectAbortedAtOnce } from "../support/aborting.ts";
import { layer, monomial } from "../support/networks.ts";
import {
  cases,
  expectAllClose,
  expectClose,
  matrixOf,
  networkOf,
  type Pair,
  type Products,
} from "../support/vectors.ts";

interface Expected {
  readonly exact_gaussian?: Products;
  readonly exact_gaussian_cosine: number;
  readonly exact_gaussian_slices?: number[];
  readonly exact_symmetric_top_degree?: Products;
  readonly exact_symmetric_cosine: number;
}

const exactly = ["exact gaussian", "exact symmetric"] as const;

describe("exact products of stacks, compared with the independent implementation", () => {
  const all = cases<Pair, Expected>("deep");
  const gaussian = all.filter(({ expected }) => expected.exact_gaussian);
  const symmetric = all.filter(({ expected }) => expected.exact_symmetric_top_degree);
  test("there are such cases", () => {
    expect(gaussian.length).toBeGreaterThan(10);
    expect(symmetric.length).toBeGreaterThan(9);
  });

  async function expectProducts(input: Pair, options: SimilarityOptions, { aa, ab, bb }: Products) {
    const [a, b] = [networkOf(input.a), networkOf(input.b)];
    expectClose((await innerProduct(a, a, options)).value, aa);
    expectClose((await innerProduct(a, b, options)).value, ab);
    expectClose((await innerProduct(b, a, options)).value, ab);
    expectClose((await innerProduct(b, b, options)).value, bb);
  }

  test.for(gaussian)("exact gaussian of $name", async ({ input, expected }) => {
    const { mean, cov } = input;
    const options: SimilarityOptions = {
      metric: "exact gaussian",
      ...(mean && cov ? { input: { mean, covariance: matrixOf(cov) } } : {}),
    };
    await expectProducts(input, options, expected.exact_gaussian!);
    const [a, b] = [networkOf(input.a), networkOf(input.b)];
    const found = await similarity(a, b, options);
    expectClose(found.value, expected.exact_gaussian_cosine);
    expect(found).toMatchObject({ metric: "exact gaussian", exact: true });
    if (!expected.exact_gaussian_slices) return;
    expectAllClose((await slices(a, b, options)).products, expected.exact_gaussian_slices);
  });

  test.for(symmetric)("exact symmetric of $name", async ({ input, expected }) => {
    const options = { metric: "exact symmetric" } as const;
    await expectProducts(input, options, expected.exact_symmetric_top_degree!);
    const found = await similarity(networkOf(input.a), networkOf(input.b), options);
    expectClose(found.value, expected.exact_symmetric_cosine);
    expect(found).toMatchObject({ metric: "exact symmetric", exact: true });
  });
});

test("networks that are one function are one, whatever their layers: x₀²·x₁² and (x₀x₁)²", async () => {
  const both = layer([2, 2, 2], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1]);
  const a: Network = { layers: [both, ...monomial(0, 1).layers] };
  const b: Network = { layers: [...monomial(0, 1).layers, layer([1, 1, 1], [1], [1], [1])] };
  for (const metric of exactly) {
    expect((await similarity(a, b, { metric })).value).toBeCloseTo(1, 14);
  }
  expect((await similarity(a, b, { metric: "closure" })).value).toBeCloseTo(1 / Math.sqrt(27), 12);
});

describe("for one layer", () => {
  const one = randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed: 1 });
  const other = randomBilinear({ dIn: 3, dHidden: 6, dOut: 2, seed: 2 });
  test("exact gaussian is gaussian and exact symmetric is symmetric, to the last bit", async () => {
    for (const metric of ["gaussian", "symmetric"] as const) {
      const { value } = await innerProduct(one, other, { metric });
      const found = await innerProduct(one, other, { metric: `exact ${metric}` });
      expect(found.value).toBe(value);
      expect(found.exact).toBe(true);
    }
  });

  test("biases and residual count for exact gaussian only", async () => {
    const [body] = randomBilinear({ dIn: 2, dHidden: 4, dOut: 2, seed: 1 }).layers as [
      BilinearLayer,
    ];
    const [bare, biased]: Network[] = [
      { layers: [body] },
      { layers: [{ ...body, residual: 1, leftBias: Float64Array.of(1, 2, 3, 4) }] },
    ];
    const of = async (metric: Metric) => (await innerProduct(biased!, biased!, { metric })).value;
    const same = (await innerProduct(bare!, bare!, { metric: "exact symmetric" })).value;
    expect(await of("exact symmetric")).toBe(same);
    expect(await of("exact gaussian")).toBe(await of("gaussian"));
  });

  test("of attention, exact gaussian is closure", async () => {
    const found = cases<Pair, { closure: Products }>("attention")[0]!;
    const [a, b] = [networkOf(found.input.a), networkOf(found.input.b)];
    const { value, exact } = await innerProduct(a, b, { metric: "exact gaussian" });
    expectClose(value, found.expected.closure.ab);
    expect(exact).toBe(true);
  });
});

test("exact gaussian does not see a change of the hidden units of one layer of two", async () => {
  const stack = (seed: number): Network => ({
    layers: [
      ...randomBilinear({ dIn: 6, dHidden: 9, dOut: 4, seed }).layers,
      ...randomBilinear({ dIn: 4, dHidden: 7, dOut: 3, seed: seed + 1 }).layers,
    ],
  });
  const [a, b] = [stack(1), stack(3)];
  for (const metric of exactly) {
    const before = (await similarity(a, b, { metric })).value;
    expectClose((await similarity(splitSquares(a, 1), b, { metric })).value, before);
    expectClose((await similarity(splitSquares(a), b, { metric })).value, before);
    const found = await similarityMatrix([a, b, splitSquares(a)], { metric });
    expectClose(found.data[1]!, before);
    expectClose(found.data[2]!, 1);
  }
  const estimate = await monteCarlo(a, b, { samples: 20_000 });
  const { value } = await similarity(a, b, { metric: "exact gaussian" });
  expect(Math.abs(estimate.value - value)).toBeLessThan(4 * estimate.standardError);
});

describe("exact metrics refuse", () => {
  const layers = (count: number, d: number): Network => ({
    layers: Array.from({ length: count }, () =>
      layer([d, 1, d], new Array(d).fill(1), new Array(d).fill(1), new Array(d).fill(1)),
    ),
  });
  const attention = networkOf(cases<Pair, unknown>("attention")[0]!.input.a);
  const two: Network = { layers: [...attention.layers, ...attention.layers], nContext: 2 };
  const wide: Network = {
    layers: [
      {
        kind: "bilinear",
        left: matrix(1, 800),
        right: matrix(1, 800),
        down: matrix(800, 1),
        residual: 1,
      },
      { kind: "bilinear", left: matrix(300, 800), right: matrix(300, 800), down: matrix(1, 300) },
    ],
  };
  test.for<{ network: Network; options: SimilarityOptions; sentence: string }>([
    {
      network: layers(3, 30),
      options: { metric: "exact gaussian" },
      sentence:
        "Cannot expand a network into monomials: expected at most 33554432 products of them, found 2150733376",
    },
    {
      network: wide,
      options: { metric: "exact gaussian" },
      sentence:
        "Cannot expand a network of two bilinear layers: expected at most 2 GiB of coefficients, found 5.7 GiB for 800 inputs, 300 units and 1 outputs",
    },
    {
      network: two,
      options: { metric: "exact gaussian" },
      sentence:
        'Cannot compare networks by metric "exact gaussian": expected no attention layer, found 2; "closure" takes any layers',
    },
    {
      network: attention,
      options: { metric: "exact symmetric" },
      sentence:
        'Cannot compare networks by metric "exact symmetric": expected no attention layer, found 1; "closure" takes any layers',
    },
    {
      network: layers(2, 2),
      options: { metric: "exact symmetric", input: { covariance: identity(2) } },
      sentence: 'Cannot use an input distribution with metric "exact symmetric"',
    },
    {
      network: layers(2, 2),
      options: { metric: "exact symmetric", precision: "float32" },
      sentence: 'Cannot compare networks by metric "exact symmetric" in float32: expected float64',
    },
  ])("$sentence", async ({ network, options, sentence }) => {
    await expect(similarity(network, network, options)).rejects.toThrow(sentence);
  });

  test("an aborted comparison", async () => {
    const [first] = randomBilinear({ dIn: 64, dHidden: 160, dOut: 64 }).layers;
    const stack: Network = { layers: [first!, first!] };
    const control = new AbortController();
    const { signal } = control;
    // A single pair takes tens of them.
    const work = similarity(stack, stack, { metric: "exact gaussian", signal });
    await expectAbortedAtOnce(work, control, 5);
  });
});
