import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interactionMatrix, interactionSpectrum } from "../../src/analysis/index.ts";
import { type Network, outputs } from "../../src/model/index.ts";
import { matrix, product, transpose } from "../../src/tensor/index.ts";
import { layer } from "../support/networks.ts";
import { plain, quadratic, range } from "../support/quadratic.ts";

describe("interactions", () => {
  test("the matrix is the quadratic part of an output", () => {
    fc.assert(
      fc.property(quadratic, fc.integer(), (network, seed) => {
        const [dIn, dOut] = [plain(network).left.shape[1], plain(network).down.shape[0]];
        const x = matrix(
          1,
          dIn,
          Float64Array.from(range(dIn), (i) => ((seed >> i) & 3) - 1),
        );
        const y = outputs(network, x);
        for (const o of range(dOut)) {
          const form = product(product(x, interactionMatrix(network, o)), transpose(x));
          expect(form.data[0]).toBe(y.data[o]);
        }
      }),
    );
  });

  test("a direction of outputs has the same combination of matrices", () => {
    fc.assert(
      fc.property(quadratic, (network) => {
        const dOut = plain(network).down.shape[0];
        const direction = range(dOut).map((o) => o - 1);
        const sum = range(dOut)
          .map((o) => interactionMatrix(network, o).data.map((entry) => (o - 1) * entry))
          .reduce((total, one) => total.map((entry, at) => entry + one[at]!));
        expect(interactionMatrix(network, direction).data.map((entry) => entry + 0)).toEqual(
          sum.map((entry) => entry + 0),
        );
      }),
    );
  });

  test("the spectrum is the matrix again, in orthonormal vectors, the largest first", () => {
    fc.assert(
      fc.property(quadratic, (network) => {
        const { values, vectors } = interactionSpectrum(network, 0);
        const [hidden, dIn] = plain(network).left.shape;
        expect(values.length).toBe(Math.min(dIn, 2 * hidden));
        const scaled = matrix(
          ...vectors.shape,
          vectors.data.map((entry, at) => entry * values[Math.floor(at / dIn)]!),
        );
        const again = product(transpose(scaled), vectors).data;
        const form = interactionMatrix(network, 0).data;
        for (const at of range(form.length)) expect(again[at]).toBeCloseTo(form[at]!, 11);
        const sizes = Array.from(values, Math.abs);
        expect(sizes).toEqual([...sizes].sort((x, y) => y - x));
        const gram = product(vectors, transpose(vectors)).data;
        for (const at of range(gram.length)) {
          expect(gram[at]).toBeCloseTo(at % (values.length + 1) === 0 ? 1 : 0, 12);
        }
      }),
    );
  });

  test("x₀ x₁ has eigenvalues ±½ along (1, 1) and (1, −1)", () => {
    const product2: Network = { layers: [layer([2, 1, 1], [1, 0], [0, 1], [1])] };
    const { values, vectors } = interactionSpectrum(product2, 0);
    const r = expect.closeTo(Math.SQRT1_2, 14);
    expect(Array.from(values, Math.abs)).toEqual([1, 1].map((one) => expect.closeTo(one / 2, 14)));
    expect(Array.from(vectors.data, Math.abs)).toEqual([r, r, r, r]);
    const positive = values[0]! > 0 ? 0 : 1;
    expect(vectors.data[2 * positive]! * vectors.data[2 * positive + 1]!).toBeGreaterThan(0);
  });

  test("what does not fit is named", () => {
    const network: Network = { layers: [layer([1, 1, 2], [1], [1], [1, 1])] };
    expect(() => interactionMatrix(network, 2)).toThrow(
      "Cannot take the interactions of output 2: expected an output from 0 to 1, found 2",
    );
    expect(() => interactionSpectrum(network, [1])).toThrow(
      "Cannot take the interactions of a direction: expected 2 entries, one for each output, found 1",
    );
    expect(() => interactionMatrix(network, [1, Number.NaN])).toThrow(
      "Cannot take the interactions of a direction: expected finite numbers, found NaN at [1]",
    );
  });
});
