import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { referenceEngine } from "../../../src/engine/index.ts";
import { type Network, outputs } from "../../../src/model/index.ts";
import { arithmeticOf } from "../../../src/similarity/closure/arithmetic.ts";
import {
  polynomialProducts,
  twoLayerProducts,
} from "../../../src/similarity/exact/exact-products.ts";
import { innerProduct, type Metric } from "../../../src/similarity/index.ts";
import { matrix } from "../../../src/tensor/index.ts";
import { networks } from "../../support/networks.ts";

const exactly = ["exact gaussian", "exact symmetric"] as const;

const embedded = ["linear", "bilinear", "linear", "bilinear", "linear"] as const;
const arithmetic = arithmeticOf(referenceEngine(), async () => {});

/** The same products by the two routes, each asked for by itself. */
async function byBothRoutes(a: Network, b: Network, metric: Metric): Promise<[number[], number[]]> {
  const how = { rule: { metric } } as Parameters<typeof twoLayerProducts>[0];
  const of = async <T>(products: {
    prepared: (network: Network, by: typeof arithmetic) => Promise<T>;
    slices: (x: T, y: T, by: typeof arithmetic) => Promise<Float64Array>;
  }) => [
    ...(await products.slices(
      await products.prepared(a, arithmetic),
      await products.prepared(b, arithmetic),
      arithmetic,
    )),
  ];
  return [await of(twoLayerProducts(how)), await of(polynomialProducts(how))];
}

describe("on small whole numbers", () => {
  const pair = networks(embedded, 2, 2);

  test("exact gaussian is, exactly, the sum over all coefficients and moments", async () => {
    await fc.assert(
      fc.asyncProperty(pair, pair, async (a, b) => {
        const { value } = await innerProduct(a, b, { metric: "exact gaussian" });
        const [p, q] = [coefficients(a), coefficients(b)];
        let expected = 0;
        for (const [o, f] of p.entries()) {
          for (const [e, coefficient] of f) {
            for (const [k, other] of q[o]!) {
              expected += coefficient * other * moment(e[0]! + k[0]!) * moment(e[1]! + k[1]!);
            }
          }
        }
        // Whole numbers and their quarters: below 2^40 nothing rounds on the way either.
        const size = sizeOf(p, q);
        if (size < 2 ** 40) expect(value + 0).toBe(expected + 0);
        else expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-13 * size);
      }),
      { numRuns: 40 },
    );
  });

  test("exact symmetric is the sum over the symmetric tensors of degree 4", async () => {
    await fc.assert(
      fc.asyncProperty(pair, pair, async (a, b) => {
        const { value } = await innerProduct(a, b, { metric: "exact symmetric" });
        const [p, q] = [coefficients(a), coefficients(b)];
        let expected = 0;
        let size = 0;
        for (const [o, f] of p.entries()) {
          for (const [e, coefficient] of f) {
            if (e[0]! + e[1]! !== 4) continue;
            const other = q[o]!.find(([k]) => k[0] === e[0] && k[1] === e[1])?.[1] ?? 0;
            const weight = [24, 6, 4, 6, 24][e[0]!]! / 24;
            expected += coefficient * other * weight;
            size += Math.abs(coefficient * other * weight);
          }
        }
        // Thirds round, a few units in the last place.
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-14 * size);
      }),
      { numRuns: 40 },
    );
  });

  test.for(exactly)("%s is the same through units and through coefficients", async (metric) => {
    const three = networks(embedded, 3, 2);
    await fc.assert(
      fc.asyncProperty(three, three, async (a, b) => {
        const [units, terms] = await byBothRoutes(a, b, metric);
        const [aa] = await byBothRoutes(a, a, metric);
        const [bb] = await byBothRoutes(b, b, metric);
        for (const [o, slice] of units.entries()) {
          const size = Math.sqrt(Math.abs(aa[o]! * bb[o]!)) + 1;
          expect(Math.abs(slice - terms[o]!)).toBeLessThan(1e-11 * size);
        }
      }),
      { numRuns: 40 },
    );
  });
});

type Terms = readonly (readonly [exponents: readonly [number, number], coefficient: number])[];

/** The outputs of a network of two inputs and degree 4 as polynomials, by interpolation on −2 … 2. */
function coefficients(network: Network): Terms[] {
  const nodes = [-2, -1, 0, 1, 2];
  const grid = matrix(
    25,
    2,
    nodes.flatMap((x) => nodes.flatMap((y) => [x, y])),
  );
  const values = outputs(network, grid);
  return [0, 1].map((o) =>
    nodes.flatMap((_, i) =>
      nodes.flatMap((_, j) => {
        let sum = 0;
        for (const [k, x] of nodes.entries()) {
          for (const [l, y] of nodes.entries()) {
            sum += lagrange(x, i) * lagrange(y, j) * values.data[2 * (5 * k + l) + o]!;
          }
        }
        return sum === 0 ? [] : [[[i, j], sum / 576] as const];
      }),
    ),
  );
}

/** 24 times the coefficient of x^power in the polynomial that is 1 at `node` and 0 at the others of −2 … 2. */
function lagrange(node: number, power: number): number {
  const table: Record<number, readonly number[]> = {
    [-2]: [0, 2, -1, -2, 1],
    [-1]: [0, -16, 16, 4, -4],
    0: [24, 0, -30, 0, 6],
    1: [0, 16, 16, -4, -4],
    2: [0, -2, -1, 2, 1],
  };
  return table[node]![power]!;
}

/** E[w^k]. */
function moment(k: number): number {
  return k % 2 === 1 ? 0 : [1, 1, 3, 15, 105][k / 2]!;
}

/** Largest that rounding can be a part of. */
function sizeOf(p: readonly Terms[], q: readonly Terms[]): number {
  let size = 1;
  for (const [o, f] of p.entries()) {
    for (const [, x] of f) for (const [, y] of q[o]!) size += Math.abs(x * y) * 105 ** 2;
  }
  return size;
}
