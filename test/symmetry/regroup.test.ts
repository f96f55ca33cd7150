import { describe, expect, test } from "vitest";
import type { Network } from "../../src/model/index.ts";
import { similarity } from "../../src/similarity/index.ts";
import {
  addRegroupedNull,
  randomRegroupedPair,
  regroupable,
  regroupedPair,
} from "../../src/symmetry/index.ts";
import { Drawn } from "../support/drawn.ts";
import { one, stack, units } from "../support/whole-numbers.ts";

const quartic = {
  factors: [
    [1, 0],
    [1, 0],
    [0, 1],
    [0, 1],
  ],
  down: [1],
} as const;

describe("regroupedPair(terms)", () => {
  const cosine = async ([a, b]: readonly [Network, Network], metric: "recursion" | "closure") =>
    (await similarity(a, b, { metric })).value;

  test("of x₀ x₀ x₁ x₁: recursion finds nothing in common, the closure 1/√27, what is exact all", async () => {
    const [a, b] = regroupedPair([quartic]);
    expect(await cosine([a, b], "recursion")).toBe(0);
    expect(await cosine([a, b], "closure")).toBeCloseTo(1 / Math.sqrt(27), 14);
    for (const metric of ["exact gaussian", "exact symmetric"] as const) {
      expect((await similarity(a, b, { metric })).value).toBeCloseTo(1, 14);
    }
  });

  test("drawn at random: one function that recursion and closure take for two", async () => {
    for (const seed of [1, 2, 3]) {
      const pair = randomRegroupedPair({ dIn: 4, dOut: 2, terms: 3, seed });
      expect(await cosine(pair, "recursion")).toBeLessThan(0.95);
      expect(await cosine(pair, "closure")).toBeLessThan(0.99);
      for (const metric of ["exact gaussian", "exact symmetric"] as const) {
        expect((await similarity(...pair, { metric })).value).toBeCloseTo(1, 12);
      }
    }
  });
});

test("regroupable(network) are bilinear layers that another follows, both without residual", () => {
  const plain = units;
  const linear = { kind: "linear" as const, weight: one(1) };
  expect(regroupable({ layers: [plain, linear, plain, plain] })).toEqual([0, 2]);
  expect(regroupable({ layers: [plain, { ...plain, residual: 1 }, plain] })).toEqual([]);
  const head = { ...new Drawn(1).attention(1, 1, 1), residual: 1 };
  expect(regroupable({ layers: [plain, head, plain], nContext: 1 })).toEqual([]);
});

describe("factors that do not fit", () => {
  test.for<{ act: () => unknown; sentence: string }>([
    {
      act: () => regroupedPair([]),
      sentence: "Cannot make a regrouped pair: expected at least 1 term, found none",
    },
    {
      act: () => regroupedPair([quartic, { ...quartic, down: [1, 2] }]),
      sentence: "Cannot make a regrouped pair: expected a down of 1 entries, found 2",
    },
    {
      act: () => addRegroupedNull({ layers: [units, units] }, quartic),
      sentence: "Cannot regroup factors: expected factors of 1 entries, found 2",
    },
    {
      act: () => addRegroupedNull(stack, quartic),
      sentence:
        "Cannot regroup factors in a network: expected a bilinear layer that another follows, both without residual, found none",
    },
    {
      act: () => addRegroupedNull({ layers: [units, units] }, quartic, 1),
      sentence:
        "Cannot regroup factors in layer 1: expected a bilinear layer that another follows, both without residual, found none",
    },
  ])("$sentence", ({ act, sentence }) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(sentence);
  });
});
