import { describe, expect, test } from "vitest";
import type { Network } from "../../src/model/index.ts";
import { innerProduct, similarity, slices } from "../../src/similarity/index.ts";
import { layer } from "../support/networks.ts";
import { other, small } from "../support/two-networks.ts";

describe("slices(a, b)", () => {
  test("has one cosine an output, whose products add up to the inner product", async () => {
    const found = await slices(small, other);
    expect(found.shape).toEqual([2]);
    const { value } = await innerProduct(small, other);
    expect(found.products[0]! + found.products[1]!).toBeCloseTo(value, 15);
    for (const slice of [0, 1]) {
      expect((await similarity(small, other, { slice })).value).toBe(found.data[slice]);
      expect((await innerProduct(small, other, { slice })).value).toBe(found.products[slice]);
    }
    expect(found.norms).toEqual((await similarity(small, other)).norms);
    expect(found.slice).toBe(null);
  });

  test("is NaN, and counted, where an output is below 1e-7 of its network", async () => {
    const faint = (size: number): Network => ({
      layers: [layer([2, 2, 2], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, size])],
    });
    const found = await slices(faint(1), faint(1e-8));
    expect(found.data).toEqual(Float64Array.of(1, Number.NaN));
    expect(found.undefinedAt).toEqual([1]);
    expect((await slices(faint(1), faint(1e-6))).undefinedAt).toEqual([]);
    expect((await similarity(faint(1), faint(1e-8), { slice: 1 })).value).toBe(Number.NaN);
  });
});
