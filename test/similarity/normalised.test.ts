import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AttentionLayer,
  type BilinearLayer,
  type Layer,
  type Network,
  outputs,
  randomBilinear,
} from "../../src/model/index.ts";
import { innerProduct, type Metric, similarity } from "../../src/similarity/index.ts";
import { normalised } from "../../src/similarity/normalised.ts";
import { type Matrix, matrix } from "../../src/tensor/index.ts";
import { matrices, networks } from "../support/networks.ts";
import { expectClose } from "../support/vectors.ts";

const kinds = fc.array(fc.constantFrom<Layer["kind"]>("linear", "bilinear", "attention"), {
  minLength: 1,
  maxLength: 3,
});

describe("a normalised network", () => {
  test("is the same function over a power of two, as far as rounding can tell", () => {
    const cases = fc.tuple(
      kinds.chain((all) => networks(all, 2, 2)),
      matrices(3, 2),
    );
    fc.assert(
      fc.property(cases, ([drawn, x]) => {
        const network = { ...drawn, nContext: 3 };
        const found = normalised(network, undefined);
        const inputs = { shape: [1, 3, 2] as const, data: x.data };
        const expected = outputs(network, inputs).data;
        fc.pre(expected.every((entry: number) => Math.abs(entry) < 1e300));
        const scaled = outputs(found.network, inputs).data;
        for (const [i, entry] of scaled.entries()) {
          const half = Math.trunc(found.exponent / 2);
          const back = entry === 0 ? 0 : entry * 2 ** half * 2 ** (found.exponent - half);
          expect(Math.abs(back - expected[i]!)).toBeLessThanOrEqual(1e-14 * Math.abs(expected[i]!));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("has outputs of ordinary size, however deep and large it is", () => {
    const [layer] = randomBilinear({ dIn: 6, dHidden: 9, dOut: 6 }).layers as [BilinearLayer];
    for (const size of [1e-40, 1, 1e40]) {
      const one: BilinearLayer = { ...layer, left: times(layer.left, size), residual: 1 };
      const { network } = normalised({ layers: [one, one, one, one, one, one] }, undefined);
      const y = outputs(network, matrix(1, 6, [1, -1, 2, 0.5, 1, -1])).data;
      const largest = Math.max(...Float64Array.from(y, Math.abs));
      expect(Math.abs(Math.log10(largest))).toBeLessThan(60);
    }
  });
});

function times(a: Matrix, factor: number): Matrix {
  return matrix(
    ...a.shape,
    a.data.map((entry) => entry * factor),
  );
}

/** Every bilinear layer written with sides 2^100 and 2^300 times as large, and what it writes as before. */
function rescaled(network: Network): Network {
  return {
    ...network,
    layers: network.layers.map((layer) => {
      if (layer.kind !== "bilinear") return layer;
      const { leftBias, rightBias } = layer;
      return {
        ...layer,
        left: times(layer.left, 2 ** 100),
        right: times(layer.right, 2 ** 300),
        down: times(layer.down, 2 ** -400),
        ...(leftBias && { leftBias: leftBias.map((entry) => entry * 2 ** 100) }),
        ...(rightBias && { rightBias: rightBias.map((entry) => entry * 2 ** 300) }),
      };
    }),
  };
}

/** The outputs of a network, `factor` times as large. */
function louder(network: Network, factor: number): Network {
  const last = network.layers.at(-1)!;
  const layer: Layer =
    last.kind === "linear"
      ? { ...last, weight: times(last.weight, factor) }
      : { ...(last as BilinearLayer), down: times((last as BilinearLayer).down, factor) };
  return { ...network, layers: [...network.layers.slice(0, -1), layer] };
}

function stack(depth: number, seed: number, rest: Partial<BilinearLayer> = {}): Network {
  return {
    layers: Array.from({ length: depth }, (_, k) => {
      const { layers } = randomBilinear({ dIn: 3, dHidden: 4, dOut: 3, seed: seed + k });
      return { ...(layers[0] as BilinearLayer), ...rest };
    }),
  };
}

describe("what leaves the range of float64 on the way, or for good, compares all the same:", () => {
  const bias = { leftBias: Float64Array.of(1, -1, 0.5, 2) };
  test.for<[Metric, number, Partial<BilinearLayer>]>([
    ["exact gaussian", 2, {}],
    ["exact gaussian", 2, { residual: 1, ...bias }],
    ["exact symmetric", 2, { residual: 1 }],
    ["exact gaussian", 3, {}],
    ["closure", 2, { residual: 1, ...bias }],
    ["closure", 4, {}],
  ])("%s of %d layers", async ([metric, depth, rest]) => {
    const [a, b] = [stack(depth, 1, rest), stack(depth, 20, rest)];
    const expected = (await similarity(a, b, { metric })).value;
    expectClose((await similarity(rescaled(a), b, { metric })).value, expected);
    const loud = await similarity(louder(a, 1e200), louder(b, 1e-250), { metric });
    if (Object.keys(rest).length === 0) expectClose(loud.value, expected);
    const own = await innerProduct(louder(a, 1e200), louder(a, 1e200), { metric });
    expect(own.value).toBe(Number.POSITIVE_INFINITY);
  });

  test("closure with attention", async () => {
    const attention = (size: number): AttentionLayer => {
      const { layers } = randomBilinear({ dIn: 2, dHidden: 2, dOut: 2, seed: 4 });
      const { left, right, down } = layers[0] as BilinearLayer;
      return {
        kind: "attention",
        heads: 1,
        query1: times(left, size),
        key1: right,
        query2: down,
        key2: times(left, 1 / size),
        value: right,
        output: down,
        residual: 1,
        query1Bias: Float64Array.of(size, 0),
      };
    };
    const network = (size: number): Network => ({
      layers: [attention(size), attention(size)],
      nContext: 2,
    });
    const of = async (size: number) =>
      (await innerProduct(network(size), network(1), { metric: "closure" })).value;
    expectClose(await of(2 ** 250), await of(1));
  });
});
