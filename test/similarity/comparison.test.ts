import { describe, expect, test } from "vitest";
import { type Network, randomBilinear } from "../../src/model/index.ts";
import {
  distance,
  innerProduct,
  type SimilarityOptions,
  similarity,
  slices,
  weightCosine,
} from "../../src/similarity/index.ts";
import { identity, matrix } from "../../src/tensor/index.ts";
import { layer } from "../support/networks.ts";
import { other, small } from "../support/two-networks.ts";

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
