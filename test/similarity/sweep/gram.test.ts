import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BilinearLayer,
  chainPlan,
  type Network,
  outputs,
  randomBilinear,
} from "../../../src/model/index.ts";
import { innerProduct } from "../../../src/similarity/index.ts";
import { matrix, product } from "../../../src/tensor/index.ts";
import { bilinear, networks } from "../../support/networks.ts";

describe("innerProduct(a, b) equals, exactly on small whole numbers, the sum over dense tensors", () => {
  const kinds = ["linear", "bilinear", "linear"] as const;
  const pair = fc.tuple(networks(kinds, 2, 2), networks(kinds, 2, 2));
  const bare = fc.tuple(bilinear(3, 3), bilinear(3, 3));

  test("symmetric: the parts of degree 2", async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => {
        const found = await innerProduct(a, b, { metric: "symmetric" });
        expect(found.value + 0).toBe(dense(a, b, 2, { quadratic: 1, linear: 0, constant: 0 }) + 0);
      }),
    );
  });

  test.for(["padded", "recursion"] as const)(
    "%s: degrees 2, 1 and 0 count 1, ½ and 1",
    async (metric) => {
      await fc.assert(
        fc.asyncProperty(pair, async ([a, b]) => {
          const found = await innerProduct(a, b, { metric });
          expect(found.value + 0).toBe(
            dense(a, b, 2, { quadratic: 1, linear: 0.5, constant: 1 }) + 0,
          );
        }),
      );
    },
  );

  test("the same with residuals", async () => {
    await fc.assert(
      fc.asyncProperty(bare, async (layers) => {
        const [a, b] = [{ layers: [layers[0]] }, { layers: [layers[1]] }];
        const symmetric = await innerProduct(a, b);
        const padded = await innerProduct(a, b, { metric: "padded" });
        const top = { quadratic: 1, linear: 0, constant: 0 };
        expect(symmetric.value + 0).toBe(dense(a, b, 3, top) + 0);
        const all = { quadratic: 1, linear: 0.5, constant: 1 };
        expect(padded.value + 0).toBe(dense(a, b, 3, all) + 0);
      }),
    );
  });

  test("frobenius: every T[o, i, j] = gain Σ_h D[o, h] L[h, i] R[h, j]", async () => {
    await fc.assert(
      fc.asyncProperty(bare, async ([a, b]) => {
        const found = await innerProduct({ layers: [a] }, { layers: [b] }, { symmetrise: false });
        expect(found.value + 0).toBe(rawProduct(a, b) + 0);
      }),
    );
  });

  test("linear networks: every weight, and every bias", async () => {
    const affine = networks(["linear", "linear"], 2, 2);
    await fc.assert(
      fc.asyncProperty(affine, affine, async (a, b) => {
        const found = await innerProduct(a, b);
        expect(found.metric).toBe("recursion");
        expect(found.value + 0).toBe(dense(a, b, 2, { quadratic: 0, linear: 1, constant: 1 }) + 0);
      }),
    );
  });
});

test("maps before and after the layer count the same, kept apart or multiplied in", async () => {
  const body = randomBilinear({ dIn: 3, dHidden: 20, dOut: 2, seed: 5 }).layers[0] as BilinearLayer;
  const input = (
    randomBilinear({ dIn: 200, dHidden: 3, dOut: 1, seed: 6 }).layers[0] as BilinearLayer
  ).left;
  const output = (
    randomBilinear({ dIn: 2, dHidden: 90, dOut: 1, seed: 7 }).layers[0] as BilinearLayer
  ).left;
  const apart: Network = {
    layers: [{ kind: "linear", weight: input }, body, { kind: "linear", weight: output }],
  };
  const within: Network = {
    layers: [
      {
        ...body,
        left: product(body.left, input),
        right: product(body.right, input),
        down: product(output, body.down),
      },
    ],
  };
  expect(chainPlan([apart], false)).toEqual({ padded: false, lead: true, head: true });
  expect(chainPlan([within], false)).toEqual({ padded: false, lead: false, head: false });
  for (const metric of ["symmetric", "frobenius", "padded", "recursion"] as const) {
    const found = [
      await innerProduct(apart, apart, { metric }),
      await innerProduct(apart, within, { metric }),
      await innerProduct(within, apart, { metric }),
    ];
    const { value } = await innerProduct(within, within, { metric });
    for (const one of found) expect(Math.abs(one.value / value - 1)).toBeLessThan(1e-13);
  }
});

interface Degrees {
  readonly quadratic: number;
  readonly linear: number;
  readonly constant: number;
}

/** The inner product of two polynomials of degree 2, each read off its values at a few points. */
function dense(a: Network, b: Network, dIn: number, weight: Degrees): number {
  const [p, q] = [coefficients(a, dIn), coefficients(b, dIn)];
  const dot = (x: number[], y: number[]) => x.reduce((sum, entry, i) => sum + entry * y[i]!, 0);
  return (
    weight.constant * dot(p.constant, q.constant) +
    weight.linear * dot(p.linear, q.linear) +
    weight.quadratic * dot(p.quadratic, q.quadratic)
  );
}

/** Of each output: c, p_i and the symmetric q_ij of c + Σ p_i x_i + Σ q_ij x_i x_j. */
function coefficients(network: Network, dIn: number) {
  const f = (...places: readonly [number, number][]): number[] => {
    const x = matrix(1, dIn);
    for (const [i, value] of places) x.data[i]! += value;
    return [...outputs(network, x).data];
  };
  const axes = Array.from({ length: dIn }, (_, i) => i);
  const constant = f();
  const linear = axes.flatMap((i) => {
    const [up, down] = [f([i, 1]), f([i, -1])];
    return constant.map((_, o) => (up[o]! - down[o]!) / 2);
  });
  const quadratic = axes.flatMap((i) =>
    axes.flatMap((j) => {
      const [both, one, two] = [f([i, 1], [j, 1]), f([i, 1]), f([j, 1])];
      return constant.map((c, o) => (both[o]! - one[o]! - two[o]! + c) / 2);
    }),
  );
  return { constant, linear, quadratic };
}

function rawProduct(a: BilinearLayer, b: BilinearLayer): number {
  const entry = (
    { left, right, down, gain = 1 }: BilinearLayer,
    o: number,
    i: number,
    j: number,
  ) => {
    const [hidden, dIn] = left.shape;
    let sum = 0;
    for (let h = 0; h < hidden; h++) {
      sum += down.data[o * hidden + h]! * left.data[h * dIn + i]! * right.data[h * dIn + j]!;
    }
    return gain * sum;
  };
  let product = 0;
  for (let o = 0; o < 3; o++) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) product += entry(a, o, i, j) * entry(b, o, i, j);
    }
  }
  return product;
}
