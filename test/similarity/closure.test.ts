import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AttentionLayer, type Network, randomBilinear } from "../../src/model/index.ts";
import {
  innerProduct,
  outputMoments,
  type SimilarityOptions,
  similarity,
  similarityMatrix,
  slices,
  toReference,
} from "../../src/similarity/index.ts";
import { identity, matrix, Random, type Tensor } from "../../src/tensor/index.ts";
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

const random = new Random(7);
const normal = (rows: number, columns: number) =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal() / Math.sqrt(columns)),
  );

function heads(
  [dIn, count, width, dOut]: readonly [number, number, number, number],
  settings: Partial<AttentionLayer> = {},
): AttentionLayer {
  const rows = count * width;
  return {
    kind: "attention",
    heads: count,
    query1: normal(rows, dIn),
    key1: normal(rows, dIn),
    query2: normal(rows, dIn),
    key2: normal(rows, dIn),
    value: normal(rows, dIn),
    output: normal(dOut, rows),
    ...settings,
  };
}

/** A layer that lets everything through: its head writes nothing. */
function idle(d: number): AttentionLayer {
  return { ...heads([d, 1, 2, d]), output: matrix(d, 2), residual: 1 };
}

describe("terms that differ by a shift are computed once", () => {
  const bias = { query1Bias: normal(1, 4).data, key2Bias: normal(1, 4).data };
  const settings: Record<string, Partial<AttentionLayer>> = {
    "rotary, causal": { rotaryBase: 10 },
    "rotary, no mask, residual": { rotaryBase: 10, mask: "none", residual: 0.5 },
    "biases, causal": { ...bias, rotaryBase: 10, residual: 1 },
    "no rotary, no mask, biases": { ...bias, mask: "none" },
  };
  test.for(Object.entries(settings))("%s: as if each were by itself", async ([, own]) => {
    const [first, second] = [heads([3, 2, 2, 3], own), heads([3, 2, 2, 3], own)];
    const together = (layer: AttentionLayer): Network => ({ layers: [layer], nContext: 4 });
    const apart = (layer: AttentionLayer): Network => ({ layers: [idle(3), layer], nContext: 4 });
    const [a, b] = [together(first), together(second)];
    const expected = (await innerProduct(apart(first), apart(second), closure)).value;
    expect(Math.abs((await innerProduct(a, b, closure)).value / expected - 1)).toBeLessThan(1e-11);
    const moments = await outputMoments(a, b);
    const { covariance } = await outputMoments(apart(first), apart(second));
    expectAllClose(moments.covariance.data, covariance.data, 1e-10);
    expect(
      Math.abs(traceOf(moments.covariance, moments.meanA, moments.meanB) / expected - 1),
    ).toBeLessThan(1e-11);
  });
});

test("squared scores are two scores that are the same", async () => {
  const settings = { rotaryBase: 10, residual: 0.5 };
  const layers = [heads([3, 2, 2, 3], settings), heads([3, 2, 2, 3], settings)].map(
    (layer): AttentionLayer => ({ ...layer, query2: layer.query1, key2: layer.key1 }),
  );
  // A change that leaves s_1·s_2 as it is, so that the scores are the same no longer.
  const scaledBy = ({ shape, data }: AttentionLayer["query1"], factor: number) =>
    matrix(
      ...shape,
      data.map((entry) => factor * entry),
    );
  const apart = layers.map(
    (layer): AttentionLayer => ({
      ...layer,
      query1: scaledBy(layer.query1, 2),
      key2: scaledBy(layer.key2, 0.5),
    }),
  );
  const network = (own: readonly AttentionLayer[]): Network => ({ layers: own, nContext: 4 });
  const other: Network = network([heads([3, 1, 4, 3], settings), heads([3, 3, 2, 3], settings)]);
  const [same, expected] = [network(layers), network(apart)];
  for (const b of [same, other]) {
    const { value } = await innerProduct(same, b, closure);
    const by = (await innerProduct(expected, b === same ? expected : b, closure)).value;
    expect(Math.abs(value / by - 1)).toBeLessThan(1e-12);
  }
});

test("a bilinear layer after attention needs no covariance between positions", async () => {
  const stack = (): Network => ({
    nContext: 3,
    layers: [
      heads([3, 1, 2, 4], { rotaryBase: 10 }),
      ...randomBilinear({ dIn: 4, dHidden: 5, dOut: 2, seed: 3 }).layers,
    ],
  });
  const [a, b] = [stack(), stack()];
  const { covariance, meanA, meanB } = await outputMoments(a, b);
  expectClose((await innerProduct(a, b, closure)).value, traceOf(covariance, meanA, meanB));
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

  test("stops soon after an abort", async () => {
    const large = Array.from(
      { length: 2 },
      (): Network => ({ layers: [heads([16, 8, 8, 16]), heads([16, 8, 8, 16])], nContext: 6 }),
    );
    const control = new AbortController();
    const work = similarityMatrix(large, { signal: control.signal });
    setTimeout(() => control.abort(new Error("Enough")), 60);
    const start = performance.now();
    await expect(work).rejects.toThrow("Enough");
    expect(performance.now() - start).toBeLessThan(1500);
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

/** Σ_t Cov(f_a[t], f_b[t]) + m_a·m_b */
function traceOf(covariance: Tensor, meanA: Tensor, meanB: Tensor): number {
  const side = meanA.data.length;
  let trace = 0;
  for (let i = 0; i < side; i++) {
    trace += covariance.data[i * side + i]! + meanA.data[i]! * meanB.data[i]!;
  }
  return trace;
}
