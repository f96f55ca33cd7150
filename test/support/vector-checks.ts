import { type Network, outputs, rotate } from "../../src/model/index.ts";
import {
  agreement,
  type InputDistribution,
  innerProduct,
  jsDivergence,
  linearCka,
  type Metric,
  outputCosine,
  predictionDivergence,
  similarity,
  similarityMatrix,
  sliceMatrices,
  slices,
  toReference,
  weightCosine,
} from "../../src/similarity/index.ts";
import type { Engine, Precision } from "../../src/tensor/index.ts";
import {
  type Case,
  type Model,
  matrixOf,
  networkOf,
  type Pair,
  type Products,
} from "./vector-model.ts";

/** Files of test vectors by name; plain data, so that they reach a worker of a page. */
export type Vectors = Readonly<Record<string, readonly Case<never, never>[]>>;

/** The files that hold what engines compute, or what is computed beside them. */
export const vectorNames = [
  "forward",
  "one_layer",
  "matrix",
  "deep",
  "attention",
  "invariance",
  "baselines",
] as const;

/** A number that was computed and what it should be. */
export interface Check {
  readonly name: string;
  readonly found: number;
  readonly expected: number;
  readonly allowed: number;
}

/** The checks that fail: those further off than allowed, and numbers that are none. */
export function failing(checks: readonly Check[]): Check[] {
  return checks.filter(({ found, expected, allowed }) => !(Math.abs(found - expected) <= allowed));
}

type Nested = number | readonly Nested[];
type Expected = Readonly<Record<string, unknown>>;

/** Metrics by the names of their products in the vectors; their cosines are called …_cosine. */
const metrics: Readonly<Record<string, { metric: Metric; cosine: string; slices?: string }>> = {
  symmetric: { metric: "symmetric", cosine: "symmetric_cosine", slices: "symmetric_slices" },
  frobenius: { metric: "frobenius", cosine: "frobenius_cosine", slices: "frobenius_slices" },
  padded: { metric: "padded", cosine: "padded_cosine", slices: "padded_slices" },
  gaussian: { metric: "gaussian", cosine: "gaussian_cosine", slices: "gaussian_slices" },
  recursion: { metric: "recursion", cosine: "recursion_cosine" },
  closure: { metric: "closure", cosine: "closure_cosine" },
  exact_gaussian: {
    metric: "exact gaussian",
    cosine: "exact_gaussian_cosine",
    slices: "exact_gaussian_slices",
  },
  exact_symmetric_top_degree: { metric: "exact symmetric", cosine: "exact_symmetric_cosine" },
};

/**
 * Computes every number of the test vectors on an engine. In float64 numbers may be off by 1e-10 of
 * themselves, or 1e-12 near 0; in float32 by 1e-6 of the norms.
 */
export async function vectorChecks(
  vectors: Vectors,
  engine: Engine,
  precision: Precision,
): Promise<Check[]> {
  const checks: Check[] = [];
  const options = { engine, precision };
  const add = (name: string, found: number, expected: number, size = 0): void => {
    const relative = Math.max(1e-10 * Math.abs(expected), 1e-12);
    const allowed = precision === "float32" && size > 0 ? 1e-6 * size + 1e-12 : relative;
    checks.push({ name, found, expected, allowed });
  };
  const addAll = (
    name: string,
    found: ArrayLike<number>,
    expected: ArrayLike<number>,
    size = 0,
  ): void => {
    add(`${name}: count`, found.length, expected.length);
    for (let i = 0; i < expected.length; i++) add(`${name} [${i}]`, found[i]!, expected[i]!, size);
  };
  const each = async (
    file: string,
    check: (input: never, expected: never, name: string) => void | Promise<void>,
  ): Promise<void> => {
    for (const { name, input, expected } of vectors[file]!) {
      await check(input, expected, `${file}: ${name}`);
    }
  };

  /** What walks moments or polynomials through layers is computed in float64 only. */
  const needsDouble = (metric: Metric, { layers }: Network): boolean => {
    const nonlinear = layers.filter(({ kind }) => kind !== "linear");
    const one = nonlinear.length === 1 && nonlinear[0]!.kind === "bilinear";
    return metric === "closure" || (metric.startsWith("exact ") && !one);
  };

  const pair = async ({ a, b, mean, cov }: Pair, expected: Expected, name: string) => {
    const [first, second] = [networkOf(a), networkOf(b)];
    for (const [key, { metric, cosine, slices: sliced }] of Object.entries(metrics)) {
      if (!(key in expected)) continue;
      const { aa, ab, bb } = expected[key] as Products;
      const input: InputDistribution | undefined =
        mean && cov ? { mean, covariance: matrixOf(cov) } : undefined;
      const how = { ...options, metric, input };
      const size = Math.sqrt(aa) * Math.sqrt(bb);
      if (precision === "float32" && needsDouble(metric, first)) continue;
      const found = await innerProduct(first, second, how);
      add(`${name}: ${metric}`, found.value, ab, size);
      const norms = [Math.sqrt(aa), Math.sqrt(bb)] as const;
      add(`${name}: ${metric} norm of a`, found.norms[0], norms[0], norms[0]);
      add(`${name}: ${metric} norm of b`, found.norms[1], norms[1], norms[1]);
      if (found.engine !== engine.info || found.precision !== precision) {
        throw new Error(`Computed ${name} by ${found.engine.name} in ${found.precision}`);
      }
      const { value } = await similarity(first, second, how);
      add(`${name}: ${metric} cosine`, value, expected[cosine] as number, 1);
      if (sliced === undefined || !(sliced in expected)) continue;
      const { products } = await slices(first, second, how);
      addAll(`${name}: ${metric} slices`, products, expected[sliced] as number[], size);
    }
    if (expected["frobenius_recursion_cosine"] !== undefined) {
      const { value } = await similarity(first, second, {
        ...options,
        metric: "frobenius recursion",
      });
      const known = expected["frobenius_recursion_cosine"] as number;
      add(`${name}: frobenius recursion cosine`, value, known, 1);
    }
    if (expected["weight_cosine"] !== undefined) {
      const { value } = await weightCosine(first, second);
      add(`${name}: weight cosine`, value, expected["weight_cosine"] as number);
    }
  };

  await each("forward", (input: Forward, { y, matrix }: Record<string, Nested>, name) => {
    if (input.model) addAll(name, applied(networkOf(input.model), input.x), flat(y!));
    else addAll(name, rotation(input), flat(matrix!));
  });
  for (const file of ["one_layer", "deep", "attention"]) await each(file, pair);
  await each("matrix", async (input: Series, expected: Record<string, Nested>, name) => {
    const series = input.models.map(networkOf);
    const symmetric = await similarityMatrix(series, options);
    addAll(`${name}: symmetric`, symmetric.data, flat(expected["symmetric_cosine_matrix"]!), 1);
    const gaussian = await similarityMatrix(series, { ...options, metric: "gaussian" });
    addAll(`${name}: gaussian`, gaussian.data, flat(expected["gaussian_cosine_matrix"]!), 1);
    const curve = await toReference(series, input.reference, options);
    addAll(`${name}: to reference`, curve.data, flat(expected["to_reference_symmetric"]!), 1);
    const sliced = await sliceMatrices(series, options);
    addAll(`${name}: slices`, sliced.data, flat(expected["symmetric_slice_cosines"]!), 1);
  });
  await each("invariance", async (input: Change, expected: Record<string, number>, name) => {
    const [before, after, b] = [input.original, input.transformed, input.b].map(networkOf);
    for (const [when, network] of [
      ["before", before!],
      ["after", after!],
    ] as const) {
      addAll(`${name}: outputs ${when}`, applied(network, input.x), flat(expected["y"]!));
      const cosine = async (metric: Metric, key: string) => {
        if (expected[key] === undefined) return;
        if (precision === "float32" && needsDouble(metric, network)) return;
        const { value } = await similarity(network, b!, { ...options, metric });
        add(`${name}: ${metric} ${when}`, value, expected[key], 1);
      };
      await cosine("exact gaussian", "gaussian_cosine_with_b");
      await cosine("symmetric", "symmetric_cosine_with_b");
      await cosine("frobenius", `frobenius_cosine_with_b_${when}`);
    }
  });
  await each("baselines", async (input: Baseline, expected: Expected, name) => {
    if ("a" in input && expected["weight_cosine"] !== undefined) await pair(input, expected, name);
    if ("p" in input && "js" in expected) {
      const rows = jsDivergence(matrixOf(input.p), matrixOf(input.q));
      addAll(`${name}: JS`, rows, expected["js"] as number[]);
    }
    if (!("fa" in input)) return;
    const [fa, fb, features] = [input.fa, input.fb, input.features ?? input.fb].map(matrixOf);
    const numbers: Readonly<Record<string, () => { readonly value: number }>> = {
      output_cosine_mean: () => outputCosine(fa!, fb!, { average: "mean" }),
      output_cosine_global: () => outputCosine(fa!, fb!),
      linear_cka: () => linearCka(fa!, fb!),
      linear_cka_rectangular: () => linearCka(fa!, features!),
      js_predictions: () => predictionDivergence(fa!, fb!),
      agreement: () => agreement(fa!, fb!),
    };
    for (const [key, number] of Object.entries(numbers)) {
      if (key in expected) add(`${name}: ${key}`, number().value, expected[key] as number);
    }
  });
  return checks;
}

interface Forward {
  readonly model?: Model;
  readonly x: Nested;
  readonly position: number;
  readonly d_head: number;
  readonly base: number;
}
interface Series {
  readonly models: readonly Model[];
  readonly reference: number;
}
interface Change {
  readonly original: Model;
  readonly transformed: Model;
  readonly b: Model;
  readonly x: Nested;
}
type Baseline =
  | Pair
  | { readonly p: number[][]; readonly q: number[][] }
  | {
      readonly fa: number[][];
      readonly fb: number[][];
      readonly features?: number[][];
    };

function applied(network: Network, x: Nested): ArrayLike<number> {
  return outputs(network, { shape: shapeOf(x), data: Float64Array.from(flat(x)) }).data;
}

/** The rotation matrix, from what it makes of the unit vectors. */
function rotation({ position, d_head: width, base }: Forward): Float64Array {
  const data = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    data[i * width + i] = 1;
  }
  for (let i = 0; i < width; i++) rotate(data, { start: i, stride: width, width }, position, base);
  return data;
}

function shapeOf(nested: Nested): number[] {
  return typeof nested === "number" ? [] : [nested.length, ...shapeOf(nested[0]!)];
}

function flat(nested: Nested): number[] {
  return typeof nested === "number" ? [nested] : nested.flatMap(flat);
}
