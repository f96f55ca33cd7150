import { describe, expect, test } from "vitest";
import { standardForm } from "../../src/model/index.ts";
import {
  distance,
  type InputDistribution,
  innerProduct,
  type Metric,
  similarity,
  similarityMatrix,
  sliceMatrices,
  slices,
  toReference,
  weightCosine,
} from "../../src/similarity/index.ts";
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

describe("one layer, compared with the independent implementation", () => {
  interface Expected {
    readonly [name: string]: unknown;
    readonly symmetric_slices?: number[];
    readonly symmetric_slice_cosine?: number[];
    readonly gaussian_slices: number[];
    readonly gaussian_slice_cosine: number[];
    readonly distance_squared_symmetric?: number;
  }
  const all = cases<Pair, Expected>("one_layer");
  test("there are such cases", () => expect(all.length).toBeGreaterThan(15));

  describe.for(["symmetric", "frobenius", "padded", "gaussian"] as const)("%s", (metric) => {
    const known = all.filter(({ expected }) => metric in expected);
    test.for(known)("$name", async ({ input, expected }) => {
      const [a, b] = [networkOf(input.a), networkOf(input.b)];
      const options = { metric, ...inputOf(input) };
      const { aa, ab, bb } = expected[metric] as Products;
      expectClose((await innerProduct(a, a, options)).value, aa);
      expectClose((await innerProduct(a, b, options)).value, ab);
      expectClose((await innerProduct(b, b, options)).value, bb);
      const cosine = await similarity(a, b, options);
      expectClose(cosine.value, expected[`${metric}_cosine`] as number);
      expectAllClose(cosine.norms, [Math.sqrt(aa), Math.sqrt(bb)]);
      if (!(`${metric}_slices` in expected)) return;
      const found = await slices(a, b, options);
      expectAllClose(found.products, expected[`${metric}_slices`] as number[]);
      expectAllClose(found.data, expected[`${metric}_slice_cosine`] as number[]);
      const last = found.data.length - 1;
      expect((await similarity(a, b, { ...options, slice: last })).value).toBe(found.data[last]);
    });
  });

  test.for(all.filter(({ expected }) => "distance_squared_symmetric" in expected))(
    "distance of $name",
    async ({ input, expected }) => {
      const { value } = await distance(networkOf(input.a), networkOf(input.b));
      expectClose(value ** 2, expected.distance_squared_symmetric!);
    },
  );

  test.for(all.filter(({ expected }) => "padded" in expected))(
    "recursion is padded for $name",
    async ({ input, expected }) => {
      const options = { metric: "recursion" } as const;
      const found = await innerProduct(networkOf(input.a), networkOf(input.b), options);
      expectClose(found.value, (expected["padded"] as Products).ab);
    },
  );

  test.for(all.filter(({ expected }) => "output_traces" in expected))(
    "slice traces of $name",
    ({ input, expected }) => {
      const { a, b } = expected["output_traces"] as { a: number[]; b: number[] };
      expectAllClose(traces(input.a), a);
      expectAllClose(traces(input.b), b);
    },
  );
});

describe("stacks, compared with the independent implementation", () => {
  interface Expected {
    readonly recursion?: Products;
    readonly recursion_cosine: number;
    readonly frobenius_recursion_cosine: number;
  }
  const all = cases<Pair, Expected>("deep").filter(({ expected }) => expected.recursion);
  test("there are such cases", () => expect(all.length).toBeGreaterThan(9));

  test.for(all)("recursion of $name", async ({ input, expected }) => {
    const [a, b] = [networkOf(input.a), networkOf(input.b)];
    const { aa, ab, bb } = expected.recursion!;
    expectClose((await innerProduct(a, a)).value, aa);
    expectClose((await innerProduct(a, b)).value, ab);
    expectClose((await innerProduct(b, b)).value, bb);
    const found = await similarity(a, b);
    expectClose(found.value, expected.recursion_cosine);
    expect(found.metric).toBe<Metric>("recursion");
  });

  test.for(all)("frobenius recursion of $name", async ({ input, expected }) => {
    const [a, b] = [networkOf(input.a), networkOf(input.b)];
    const found = await similarity(a, b, { symmetrise: false });
    expectClose(found.value, expected.frobenius_recursion_cosine);
    expect(found.metric).toBe<Metric>("frobenius recursion");
  });
});

describe("a series, compared with the independent implementation", () => {
  interface Expected {
    readonly symmetric_cosine_matrix: number[][];
    readonly gaussian_cosine_matrix: number[][];
    readonly to_reference_symmetric: number[];
    readonly symmetric_slice_cosines: number[][][];
  }
  const all = cases<{ models: Model[]; reference: number }, Expected>("matrix");
  test.for(all)("$name", async ({ input, expected }) => {
    const series = input.models.map(networkOf);
    const found = await similarityMatrix(series);
    expectAllClose(found.data, expected.symmetric_cosine_matrix.flat());
    const gaussian = await similarityMatrix(series, { metric: "gaussian" });
    expectAllClose(gaussian.data, expected.gaussian_cosine_matrix.flat());
    const curve = await toReference(series, input.reference);
    expectAllClose(curve.data, expected.to_reference_symmetric);
    const bySlice = await sliceMatrices(series);
    expectAllClose(bySlice.data, expected.symmetric_slice_cosines.flat(2));
  });
});

describe("function-preserving changes, compared with the independent implementation", () => {
  interface Input {
    readonly original: Model;
    readonly transformed: Model;
    readonly b: Model;
  }
  interface Expected {
    readonly gaussian_cosine_with_b: number;
    readonly symmetric_cosine_with_b: number;
    readonly frobenius_cosine_with_b_before: number;
    readonly frobenius_cosine_with_b_after: number;
  }
  const all = cases<Input, Expected>("invariance").filter(({ input }) =>
    isFeedForward(input.original),
  );
  test("there are such cases", () => expect(all.length).toBe(6));
  test.for(all)("$name", async ({ input, expected }) => {
    const [before, after] = [networkOf(input.original), networkOf(input.transformed)];
    const b = networkOf(input.b);
    expectClose((await similarity(before, b)).value, expected.symmetric_cosine_with_b);
    expectClose((await similarity(after, b)).value, expected.symmetric_cosine_with_b);
    for (const network of [before, after]) {
      const { value } = await similarity(network, b, { metric: "gaussian" });
      expectClose(value, expected.gaussian_cosine_with_b);
    }
    const frobenius = { symmetrise: false };
    expectClose(
      (await similarity(before, b, frobenius)).value,
      expected.frobenius_cosine_with_b_before,
    );
    expectClose(
      (await similarity(after, b, frobenius)).value,
      expected.frobenius_cosine_with_b_after,
    );
    for (const metric of ["symmetric", "padded", "gaussian", "recursion"] as const) {
      expectClose((await similarity(before, after, { metric })).value, 1, 1e-12);
    }
  });
});

describe("baselines, compared with the independent implementation", () => {
  const all = cases<Pair, { weight_cosine?: number }>("baselines").filter(
    ({ expected }) => expected.weight_cosine !== undefined,
  );
  test("there are such cases", () => expect(all.length).toBe(1));
  test.for(all)("$name", async ({ input, expected }) => {
    const found = await weightCosine(networkOf(input.a), networkOf(input.b));
    expectClose(found.value, expected.weight_cosine!);
  });
});

function inputOf({ mean, cov }: Pair): { input?: InputDistribution } {
  return mean && cov ? { input: { mean, covariance: matrixOf(cov) } } : {};
}

function traces(model: Model): number[] {
  const { left, right, down } = standardForm(networkOf(model));
  const [dOut, hidden] = down.shape;
  const dIn = left.shape[1];
  return Array.from({ length: dOut }, (_, o) => {
    let trace = 0;
    for (let h = 0; h < hidden; h++) {
      for (let i = 0; i < dIn; i++) {
        const at = h * dIn + i;
        trace += down.data[o * hidden + h]! * left.data[at]! * right.data[at]!;
      }
    }
    return trace;
  });
}
