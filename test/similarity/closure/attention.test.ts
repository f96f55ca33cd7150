import { describe, expect, test } from "vitest";
import { type AttentionLayer, type Network, randomBilinear } from "../../../src/model/index.ts";
import { innerProduct, outputMoments } from "../../../src/similarity/index.ts";
import { matrix, type Tensor } from "../../../src/tensor/index.ts";
import { heads, normal } from "../../support/heads.ts";
import { expectAllClose, expectClose } from "../../support/vectors.ts";

const closure = { metric: "closure" } as const;

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

/** Σ_t Cov(f_a[t], f_b[t]) + m_a·m_b */
function traceOf(covariance: Tensor, meanA: Tensor, meanB: Tensor): number {
  const side = meanA.data.length;
  let trace = 0;
  for (let i = 0; i < side; i++) {
    trace += covariance.data[i * side + i]! + meanA.data[i]! * meanB.data[i]!;
  }
  return trace;
}
