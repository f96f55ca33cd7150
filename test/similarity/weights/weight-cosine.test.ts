import { describe, expect, test } from "vitest";
import type { BilinearLayer, Network } from "../../../src/model/index.ts";
import { similarity, weightCosine } from "../../../src/similarity/index.ts";
import { permuteHidden } from "../../../src/symmetry/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { other, small } from "../../support/two-networks.ts";

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
