import { describe, expect, test } from "vitest";
import { type Network, type NetworkSeries, randomBilinear } from "../../src/model/index.ts";
import {
  type SeriesOptions,
  similarityMatrix,
  weightCosineMatrix,
} from "../../src/similarity/index.ts";
import { networks, series } from "../support/series.ts";

describe("a series or options that do not fit", () => {
  const wider = randomBilinear({ dIn: 4, dHidden: 4, dOut: 2 });
  const biased: Network = {
    layers: networks[0]!.layers.map((one) => ({ ...one, downBias: new Float64Array(2) })),
  };
  test.for<{ own?: readonly Network[]; options?: SeriesOptions; sentence: string }>([
    { own: [], sentence: "Cannot compare a series of networks: expected at least 1, found 0" },
    {
      own: [...networks.slice(0, 3), wider],
      sentence: 'Cannot compare "step_300" with "step_0": expected dIn 3, found 4',
    },
    {
      own: [networks[0]!, biased],
      options: { metric: "recursion" },
      sentence:
        'Cannot compare "step_100" with "step_0": expected no biases and no residual, found some',
    },
    {
      options: { slice: 2 },
      sentence: "Cannot compare slice 2: expected an output from 0 to 1, found 2",
    },
    {
      options: { memory: 0 },
      sentence: "Cannot use a memory budget: expected bytes above 0, found 0",
    },
    {
      options: { memory: Number.NaN },
      sentence: "Cannot use a memory budget: expected bytes above 0, found NaN",
    },
  ])("$sentence", async ({ own = networks, options, sentence }) => {
    await expect(similarityMatrix(series([], own), options)).rejects.toThrow(sentence);
  });

  test("networks at hand are named by their index", async () => {
    await expect(similarityMatrix([networks[0]!, wider])).rejects.toThrow(
      'Cannot compare "network 1" with "network 0": expected dIn 3, found 4',
    );
  });

  test("networks without labels are named by their step, else their index", async () => {
    const own = [networks[0]!, wider];
    const bare: NetworkSeries = { length: 2, network: (index) => own[index]! };
    await expect(similarityMatrix({ ...bare, steps: [5, 9] })).rejects.toThrow(
      'Cannot compare "step 9" with "step 5": expected dIn 3, found 4',
    );
    await expect(similarityMatrix(bare)).rejects.toThrow(
      'Cannot compare "network 1" with "network 0": expected dIn 3, found 4',
    );
  });

  test("networks at hand may have biases in part", async () => {
    const found = await similarityMatrix([networks[0]!, biased], { metric: "recursion" });
    expect(found.data[1]).toBeCloseTo(1, 14);
  });

  test("weights of other shapes are named by label, tensor, expected and found", async () => {
    await expect(weightCosineMatrix(series())).rejects.toThrow(
      'Cannot compare the weights of "step_100" with "step_0": expected left of layer 0 of shape [4, 3], found left of layer 0 of shape [5, 3]',
    );
  });
});
