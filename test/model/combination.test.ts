import fc from "fast-check";
import { expect, test } from "vitest";
import { combination, difference, type Network, outputs } from "../../src/model/index.ts";
import { distance, innerProduct } from "../../src/similarity/index.ts";
import { matrices, monomial, networks } from "../support/networks.ts";

const kinds = fc.constantFrom(
  ["bilinear"] as const,
  ["linear", "bilinear"] as const,
  ["bilinear", "linear"] as const,
);
const pairs = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), kinds, kinds)
  .chain(([dIn, dOut, a, b]) =>
    fc.tuple(networks(a, dIn, dOut), networks(b, dIn, dOut), matrices(3, dIn)),
  );

test("the difference gives the difference of the outputs, whatever biases and residuals there are", () => {
  fc.assert(
    fc.property(pairs, ([a, b, x]) => {
      const [ya, yb] = [outputs(a, x), outputs(b, x)];
      const found = outputs(difference(a, b), x);
      expect(Array.from(found.data, (y) => y + 0)).toEqual(
        Array.from(ya.data, (y, i) => y - yb.data[i]!),
      );
    }),
  );
});

test("its self inner product is the squared distance", async () => {
  await fc.assert(
    fc.asyncProperty(pairs, async ([a, b]) => {
      const d = difference(a, b);
      for (const metric of ["symmetric", "padded", "gaussian"] as const) {
        const { value } = await innerProduct(d, d, { metric });
        const apart = await distance(a, b, { metric });
        const size = 1 + apart.norms[0] ** 2 + apart.norms[1] ** 2;
        expect(Math.abs(value - apart.value ** 2) / size).toBeLessThan(1e-13);
      }
    }),
    { numRuns: 40 },
  );
});

test("a combination takes each network its number of times", () => {
  fc.assert(
    fc.property(pairs, ([a, b, x]) => {
      const terms = [
        { network: a, factor: 2 },
        { network: b, factor: -3 },
        { network: a, factor: 1 },
      ];
      const [ya, yb] = [outputs(a, x), outputs(b, x)];
      const found = outputs(combination(terms), x);
      expect(Array.from(found.data, (y) => y + 0)).toEqual(
        Array.from(ya.data, (y, i) => 3 * y - 3 * yb.data[i]! + 0),
      );
    }),
  );
});

test("without biases it is as many hidden units and nothing else", () => {
  const [layer] = difference(monomial(0, 0), monomial(0, 1)).layers;
  expect(Object.keys(layer!)).toEqual(["kind", "left", "right", "down"]);
  expect(layer).toMatchObject({ down: { shape: [1, 2], data: Float64Array.of(1, -1) } });
});

test("what does not fit is named", () => {
  const [a, b] = [monomial(0, 0), monomial(0, 1)];
  const wide: Network = fc.sample(networks(["bilinear"], 3, 1), 1)[0]!;
  expect(() => combination([])).toThrow("Cannot combine networks: expected at least 1, found 0");
  expect(() => difference(a, wide)).toThrow(
    "Cannot combine networks: expected 2 inputs and 1 outputs as network 0 has, found 3 and 1 of network 1",
  );
  expect(() => combination([{ network: b, factor: Number.NaN }])).toThrow(
    "Cannot combine networks: expected a finite factor of network 0, found NaN",
  );
  expect(() =>
    difference({ layers: [...a!.layers, ...a!.layers.slice(1)] }, { layers: [] }),
  ).toThrow("expected at least 1 layer, found 0");
});
