import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  attribution,
  type FunctionAttribution,
  functionAttribution,
  principalDirections,
  ranked,
} from "../../src/analysis/index.ts";
import {
  type BilinearLayer,
  difference,
  type Network,
  randomBilinear,
} from "../../src/model/index.ts";
import { distance, expansion, innerProduct } from "../../src/similarity/index.ts";
import { splitSquares } from "../../src/symmetry/index.ts";
import { identity, type Matrix, matrix } from "../../src/tensor/index.ts";
import { attention, layer, networks } from "../support/networks.ts";
import { expectAllClose, expectClose } from "../support/vectors.ts";

const metrics = ["exact gaussian", "exact symmetric"] as const;

function sum(parts: ArrayLike<number>): number {
  return Array.from(parts).reduce((total, part) => total + part, 0);
}

/** The sum of each split, which should be the whole. */
function wholes({ slices, terms, inputs, inputForm }: FunctionAttribution): number[] {
  const trace = inputs.reduce((total, _, i) => total + inputForm.data[i * (inputs.length + 1)]!, 0);
  return [sum(slices), sum(terms), sum(inputs) + terms[0]!, trace + terms[0]!];
}

/** Two bilinear layers on 4 inputs and 3 outputs. */
function stack(seed: number): [BilinearLayer, BilinearLayer] {
  const of = (dIn: number, dOut: number, k: number) =>
    randomBilinear({ dIn, dHidden: 5, dOut, seed: seed + k }).layers[0] as BilinearLayer;
  return [of(4, 4, 0), of(4, 3, 1)];
}

function touched(a: Matrix, isOwn: (row: number, column: number) => boolean): Matrix {
  const columns = a.shape[1];
  return matrix(
    ...a.shape,
    a.data.map((entry, at) =>
      isOwn(Math.floor(at / columns), at % columns) ? entry + 0.1 : entry,
    ),
  );
}

describe("the parts of every split sum to the whole, which is the squared distance", () => {
  const deep = networks(["linear", "bilinear", "linear", "bilinear"], 2, 2);
  test.for(metrics)("%s of two layers of whole numbers", async (metric) => {
    await fc.assert(
      fc.asyncProperty(deep, deep, async (a, b) => {
        const found = await functionAttribution(a, b, { metric });
        const size = found.norms[0] ** 2 + found.norms[1] ** 2 + 1;
        for (const whole of wholes(found)) {
          expect(Math.abs(whole - found.value)).toBeLessThanOrEqual(1e-13 * size);
        }
        const apart = (await distance(a, b, { metric })).value ** 2;
        expect(Math.abs(found.value - apart)).toBeLessThanOrEqual(1e-12 * size);
      }),
      { numRuns: 30 },
    );
  });

  test.for(metrics)("%s of three layers, to 1e-10 of a small change", async (metric) => {
    const [first, second] = stack(1);
    const [third] = randomBilinear({ dIn: 3, dHidden: 4, dOut: 2, seed: 9 }).layers;
    const a: Network = { layers: [first, second, third!] };
    const moved = touched(first.left, (row) => row === 0);
    const b: Network = { layers: [{ ...first, left: moved }, second, third!] };
    const found = await functionAttribution(a, b, { metric });
    for (const whole of wholes(found)) {
      expect(Math.abs(whole - found.value)).toBeLessThan(1e-10 * found.value);
    }
    expect(found.terms.length).toBe(9);
  });
});

test("of one layer it is the attribution of its difference", async () => {
  const of = (seed: number): Network => {
    const one = randomBilinear({ dIn: 4, dHidden: 5, dOut: 4, seed }).layers[0] as BilinearLayer;
    return { layers: [{ ...one, residual: seed, leftBias: Float64Array.of(1, 2, 3, 4, seed) }] };
  };
  const [a, b] = [of(1), of(2)];
  const found = await functionAttribution(a, b);
  const expected = attribution(a, b, { metric: "gaussian" });
  expectClose(found.value, expected.value);
  expectAllClose(found.norms, expected.norms);
  expectAllClose(found.slices, expected.slices);
  const { constant, linear, quadratic } = expected.terms;
  expectAllClose(found.terms, [constant, linear, quadratic]);
  expectAllClose(found.inputForm.data, expected.inputForm.data);
  const d = difference(a, b);
  expectClose((await innerProduct(d, d, { metric: "gaussian" })).value, found.value);
});

test("by hand: x₀²·x₁² is 1 + He₂(x₀) + He₂(x₁) + He₂(x₀)·He₂(x₁)", async () => {
  const both = layer([2, 2, 2], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1]);
  const a: Network = { layers: [both, layer([2, 1, 1], [1, 0], [0, 1], [1])] };
  const zero: Network = { layers: [both, layer([2, 1, 1], [1, 0], [0, 1], [0])] };
  const found = await functionAttribution(a, zero);
  expectAllClose(found.terms, [1, 0, 4, 0, 4]);
  expectAllClose(found.inputs, [4, 4]);
  expectAllClose(found.inputForm.data, [4, 0, 0, 4]);
  const { data, exponents, shape } = await expansion(a);
  expect(shape).toEqual([1, 15]);
  const at = [...data.keys()].filter((k) => Math.abs(data[k]!) > 1e-12);
  expect(at.map((k) => [...exponents.subarray(2 * k, 2 * k + 2)].join())).toEqual([
    "0,0",
    "2,0",
    "0,2",
    "2,2",
  ]);
});

describe("a planted change is ranked first:", () => {
  const [first, second] = stack(1);
  const a: Network = { layers: [first, second] };

  test.for([0, 1, 2])("output %d, and no other has a part", async (output) => {
    const down = touched(second.down, (row) => row === output);
    const { slices } = await functionAttribution(a, { layers: [first, { ...second, down }] });
    expect(ranked(slices)[0]).toBe(output);
    expect(slices.filter((slice) => slice !== 0).length).toBe(1);
  });

  test("an input, in both metrics", async () => {
    const left = touched(first.left, (_, column) => column === 2);
    for (const metric of metrics) {
      const b = { layers: [{ ...first, left }, second] };
      const { inputs } = await functionAttribution(a, b, { metric });
      expect(ranked(inputs)[0]).toBe(2);
    }
  });

  test("a degree: a bias of the outputs is all constant, a residual past one layer all linear", async () => {
    const biased = { ...second, downBias: Float64Array.of(1, 2, 3) };
    const { terms, slices } = await functionAttribution(a, { layers: [first, biased] });
    expectClose(terms[0]!, 14);
    expect(ranked(terms)[0]).toBe(0);
    expectAllClose(slices, [1, 4, 9]);
    const through = { ...first, residual: 1 };
    const linear: Network = { layers: [{ ...through, down: matrix(4, 5) }, second] };
    const none: Network = { layers: [{ ...first, down: matrix(4, 5) }, second] };
    // A linear map into a bilinear layer: degrees 0 and 2.
    const found = await functionAttribution(linear, none);
    expect([1, 3, 4].map((k) => found.terms[k])).toEqual([0, 0, 0]);
    expect(found.terms[2]).toBeGreaterThan(0);
  });

  test("a direction of the inputs", async () => {
    const left = touched(first.left, () => true);
    const found = await functionAttribution(a, { layers: [{ ...first, left }, second] });
    const { shares, vectors } = principalDirections(found);
    expectClose(sum(shares) + found.terms[0]!, found.value);
    const along = Math.abs(sum(vectors.data.subarray(0, 4))) / 2;
    expect(along).toBeGreaterThan(0.7);
  });
});

test("what is one function has no difference, and a network and its double none once normalised", async () => {
  const a: Network = { layers: stack(1) };
  const size = (await functionAttribution(a, a)).norms[0] ** 2;
  expect((await functionAttribution(a, splitSquares(a))).value).toBeLessThan(1e-28 * size);
  const [first, second] = stack(1);
  const double: Network = { layers: [first, { ...second, gain: 2 }] };
  expect((await functionAttribution(a, double, { normalise: true })).value).toBeLessThan(1e-28);
  expect((await functionAttribution(a, double)).value).toBeGreaterThan(0.1 * size);
});

test("what does not fit is named", async () => {
  const a: Network = { layers: stack(1) };
  const [first, second] = stack(1);
  const wide = randomBilinear({ dIn: 5, dHidden: 5, dOut: 4 }).layers[0]!;
  await expect(functionAttribution(a, { layers: [wide, second] })).rejects.toThrow(
    "Cannot attribute a difference: expected 4 inputs as a has, found 5 of b",
  );
  await expect(functionAttribution(a, { layers: [first] })).rejects.toThrow(
    "Cannot attribute a difference: expected 3 outputs as a has, found 4 of b",
  );
  const more = randomBilinear({ dIn: 3, dHidden: 2, dOut: 3 }).layers[0]!;
  await expect(functionAttribution(a, { layers: [first, second, more] })).rejects.toThrow(
    "Cannot attribute a difference: expected 70 coefficients as a has, found 495 of b",
  );
  const zero: Network = { layers: [first, { ...second, gain: 0 }] };
  await expect(functionAttribution(a, zero, { normalise: true })).rejects.toThrow(
    "Cannot normalise b: expected a norm above 0, found 0",
  );
  const huge: Network = { layers: [first, { ...second, gain: 1e200 }] };
  await expect(functionAttribution(a, huge)).rejects.toThrow(
    "Cannot attribute a difference: expected inner products in the range of float64, found one beyond it",
  );
  const [drawn] = fc.sample(attention(4, 4), 1);
  await expect(expansion({ layers: [drawn!, first], nContext: 2 })).rejects.toThrow(
    "Cannot write a network out: expected bilinear layers and no attention, found 1 and 1",
  );
  await expect(expansion(a, { metric: "padded" as "exact gaussian" })).rejects.toThrow(
    'Cannot write a network out by metric "padded": expected exact gaussian or exact symmetric',
  );
  const flat: Network = { layers: [{ kind: "linear", weight: identity(2) }] };
  await expect(expansion(flat)).rejects.toThrow("found 0 and 0");
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(functionAttribution(a, a, { signal })).rejects.toThrow("enough");
});
