import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Network, randomBilinear } from "../../src/model/index.ts";
import {
  innerProduct,
  outputMoments,
  type SimilarityOptions,
  similarity,
  similarityMatrix,
  slices,
  toReference,
} from "../../src/similarity/index.ts";
import { identity } from "../../src/tensor/index.ts";
import { expectAbortedAtOnce } from "../support/aborting.ts";
import { heads } from "../support/heads.ts";
import { layer, networks } from "../support/networks.ts";
import {
  cases,
  expectAllClose,
  expectClose,
  isFeedForward,
  type Model,
  matrixOf,
  networkOf,
  type Pair,
  type Products,
} from "../support/vectors.ts";

const closure = { metric: "closure" } as const;

function optionsOf({ mean, cov }: Pair): SimilarityOptions {
  return mean && cov ? { ...closure, input: { mean, covariance: matrixOf(cov) } } : closure;
}

async function expectProducts(input: Pair, { aa, ab, bb }: Products): Promise<void> {
  const [a, b, options] = [networkOf(input.a), networkOf(input.b), optionsOf(input)];
  expectClose((await innerProduct(a, a, options)).value, aa);
  expectClose((await innerProduct(a, b, options)).value, ab);
  expectClose((await innerProduct(b, a, options)).value, ab);
  expectClose((await innerProduct(b, b, options)).value, bb);
}

describe("closure, compared with the independent implementation", () => {
  interface Expected {
    readonly closure: Products;
    readonly closure_cosine: number;
    readonly closure_is_exact?: boolean;
    readonly output_mean_a?: number[][];
    readonly output_cov_ab?: number[][][][];
  }
  const deep = cases<Pair, Expected>("deep").filter(({ expected }) => expected.closure);
  const attention = cases<Pair, Expected>("attention");
  test("there are such cases", () => {
    expect(deep.length).toBe(12);
    expect(attention.length).toBe(20);
  });

  test.for([...deep, ...attention])("$name", async ({ input, expected }) => {
    await expectProducts(input, expected.closure);
    const found = await similarity(networkOf(input.a), networkOf(input.b), optionsOf(input));
    expectClose(found.value, expected.closure_cosine);
    expect(found.exact).toBe(expected.closure_is_exact ?? false);
    expect(found.metric).toBe("closure");
  });

  test.for(attention)("moments of $name", async ({ input, expected }) => {
    const { input: inputs } = optionsOf(input);
    const found = await outputMoments(networkOf(input.a), networkOf(input.b), { input: inputs });
    expectAllClose(found.meanA.data, expected.output_mean_a!.flat());
    expectAllClose(found.covariance.data, expected.output_cov_ab!.flat(3));
    expect(found.exact).toBe(expected.closure_is_exact);
    expect(found.covariance.shape).toEqual([...found.meanA.shape, ...found.meanB.shape]);
  });

  const one = cases<Pair, { gaussian?: Products }>("one_layer").filter(
    ({ expected }) => expected.gaussian,
  );
  test.for(one)("is gaussian for one layer: $name", async ({ input, expected }) => {
    await expectProducts(input, expected.gaussian!);
  });

  interface Change {
    readonly original: Model;
    readonly transformed: Model;
    readonly b: Model;
  }
  const changes = cases<Change, { gaussian_cosine_with_b: number }>("invariance");
  test("there are such changes of attention", () => {
    expect(changes.filter(({ input }) => !isFeedForward(input.b)).length).toBe(5);
  });
  test.for(changes)("does not see $name", async ({ input, expected }) => {
    const [before, after] = [networkOf(input.original), networkOf(input.transformed)];
    for (const network of [before, after]) {
      const { value } = await similarity(network, networkOf(input.b), closure);
      expectClose(value, expected.gaussian_cosine_with_b);
    }
    expectClose((await similarity(before, after, closure)).value, 1, 1e-12);
  });
});

test("closure of linear networks is exact: E[(Ax + b)·(Cx + d)] = ⟨A, C⟩ + b·d", async () => {
  const pair = networks(["linear", "linear"], 2, 2);
  await fc.assert(
    fc.asyncProperty(pair, pair, async (a, b) => {
      const found = await innerProduct(a, b, closure);
      expect(found.value + 0).toBe((await innerProduct(a, b, { metric: "recursion" })).value + 0);
      expect(found.exact).toBe(true);
    }),
  );
});

test("positions of a network without attention count each for itself", async () => {
  const one = randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed: 1 });
  const { value } = await innerProduct(one, one, closure);
  const five = await innerProduct({ ...one, nContext: 5 }, { ...one, nContext: 5 }, closure);
  expectClose(five.value, 5 * value);
});

describe("a series by closure", () => {
  const series = Array.from(
    { length: 3 },
    (): Network => ({ layers: [heads([3, 1, 2, 2], { rotaryBase: 10 })], nContext: 2 }),
  );

  test("is what its pairs are; closure is the default where there is attention", async () => {
    const found = await similarityMatrix(series);
    expect(found.metric).toBe("closure");
    expect(found.exactFor).toContain("the expected product of the outputs over normal inputs");
    for (const [i, a] of series.entries()) {
      for (const [j, b] of series.entries()) {
        expectClose(found.data[i * 3 + j]!, (await similarity(a, b, closure)).value);
      }
    }
    const curve = await toReference(series, 1);
    expect([...curve.data]).toEqual([...found.data.subarray(3, 6)]);
  });

  test("slices sum to the whole", async () => {
    const each = await slices(series[0]!, series[1]!, closure);
    const { value } = await innerProduct(series[0]!, series[1]!, closure);
    expectClose(each.products[0]! + each.products[1]!, value);
    const last = await innerProduct(series[0]!, series[1]!, { ...closure, slice: 1 });
    expect(last.value).toBe(each.products[1]);
  });

  test("is what every engine finds", async () => {
    const expected = (await similarityMatrix(series)).data;
    const found = await similarityMatrix(series, { engine: "reference" });
    expectAllClose(found.data, expected, 1e-13);
  });

  test("stops at once after an abort", async () => {
    const large = Array.from(
      { length: 2 },
      (): Network => ({ layers: [heads([16, 8, 8, 16]), heads([16, 8, 8, 16])], nContext: 6 }),
    );
    const control = new AbortController();
    await expectAbortedAtOnce(similarityMatrix(large, { signal: control.signal }), control);
  });
});

test("from two layers that are not linear on the result says that it is approximate", async () => {
  const one = randomBilinear({ dIn: 3, dHidden: 4, dOut: 3, seed: 1 });
  const two: Network = { layers: [...one.layers, ...one.layers] };
  expect((await similarity(one, one, closure)).exact).toBe(true);
  const found = await similarity(two, two, closure);
  expect(found.exact).toBe(false);
  expect(found.exactFor).toContain("networks of one layer that is not linear");
});

describe("closure refuses", () => {
  const one = randomBilinear({ dIn: 3, dHidden: 4, dOut: 3, seed: 1 });
  const attention: Network = { layers: [heads([3, 1, 2, 3])], nContext: 2 };
  const square = layer([1, 1, 1], [1], [1], [1]);
  const deep: Network = { layers: Array.from({ length: 14 }, () => square) };
  test.for<{ a?: Network; b: Network; options?: SimilarityOptions; sentence: string }>([
    {
      b: one,
      sentence:
        'Cannot compare "b" with "a": expected layers that are not linear attention, found bilinear',
    },
    {
      b: { ...attention, nContext: 3 },
      sentence: 'Cannot compare "b" with "a": expected nContext 2, found 3',
    },
    {
      b: attention,
      options: { metric: "recursion" },
      sentence:
        'Cannot compare networks by metric "recursion": expected no attention layer, found 1; "closure" takes any layers',
    },
    {
      b: attention,
      options: { ...closure, precision: "float32" },
      sentence: 'Cannot compare networks by metric "closure" in float32: expected float64',
    },
    {
      b: attention,
      options: { ...closure, symmetrise: false },
      sentence: 'Cannot compare networks by metric "closure" without symmetrising',
    },
    {
      b: attention,
      options: { ...closure, input: { covariance: identity(2) } },
      sentence: "Cannot use an input covariance: expected shape [3, 3], found [2, 2]",
    },
    {
      a: deep,
      b: deep,
      options: closure,
      sentence:
        'Cannot compare networks by metric "closure": expected moments within the range of float64, found Infinity; degrees multiply from layer to layer',
    },
  ])("$sentence", async ({ a = attention, b, options = closure, sentence }) => {
    await expect(similarity(a, b, options)).rejects.toThrow(sentence);
  });
});
