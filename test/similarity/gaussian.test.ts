import fc from "fast-check";
import { expect, test } from "vitest";
import { outputs } from "../../src/model/index.ts";
import { innerProduct } from "../../src/similarity/index.ts";
import { matrix } from "../../src/tensor/index.ts";
import { networks } from "../support/networks.ts";

test("gaussian is the expected product of the outputs, over the nodes of an exact quadrature", async () => {
  // In one dimension E[f(x)] of degree ≤ 5 is ⅙ f(−√3) + ⅔ f(0) + ⅙ f(√3); in two, its square.
  const nodes = [-Math.sqrt(3), 0, Math.sqrt(3)].map((x, k) => ({ x, weight: [1, 4, 1][k]! / 6 }));
  const grid = nodes.flatMap((u) =>
    nodes.map((v) => ({ x: [u.x, v.x], weight: u.weight * v.weight })),
  );
  const inputs = matrix(
    9,
    2,
    grid.flatMap(({ x }) => x),
  );
  const drawn = networks(["linear", "bilinear", "linear"], 2, 2);
  await fc.assert(
    fc.asyncProperty(drawn, drawn, async (a, b) => {
      const [ya, yb] = [outputs(a, inputs).data, outputs(b, inputs).data];
      let expected = 0;
      let size = 1;
      for (const [n, { weight }] of grid.entries()) {
        for (const o of [2 * n, 2 * n + 1]) {
          expected += weight * ya[o]! * yb[o]!;
          size += weight * Math.abs(ya[o]! * yb[o]!);
        }
      }
      const { value } = await innerProduct(a, b, { metric: "gaussian" });
      expect(Math.abs(value - expected)).toBeLessThan(1e-12 * size);
    }),
  );
});
