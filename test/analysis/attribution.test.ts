import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Attribution,
  attribution,
  interactionMatrix,
  principalDirections,
  ranked,
  type SplitMetric,
} from "../../src/analysis/index.ts";
import {
  type BilinearLayer,
  difference,
  type Network,
  randomBilinear,
  standardForm,
} from "../../src/model/index.ts";
import { innerProduct, similarity } from "../../src/similarity/index.ts";
import { permuteHidden } from "../../src/symmetry/index.ts";
import { type Matrix, matrix, product, transpose } from "../../src/tensor/index.ts";
import { monomial, networks } from "../support/networks.ts";

const metrics: SplitMetric[] = ["symmetric", "padded", "gaussian"];
const kinds = fc.constantFrom(["bilinear"] as const, ["linear", "bilinear", "linear"] as const);
const pairs = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), kinds)
  .chain(([dIn, dOut, kind]) => fc.tuple(networks(kind, dIn, dOut), networks(kind, dIn, dOut)));

function sum(parts: ArrayLike<number>): number {
  return Array.from(parts).reduce((total, part) => total + part, 0);
}

/** The sum of each split, which should be the whole. */
function wholes({ slices, terms, units, remainder, inputs, inputForm }: Attribution): number[] {
  const trace = inputs.reduce((total, _, i) => total + inputForm.data[i * (inputs.length + 1)]!, 0);
  return [
    sum(slices),
    terms.constant + terms.linear + terms.quadratic,
    sum(units) + remainder,
    sum(inputs) + terms.constant,
    trace + terms.constant,
  ];
}

describe("the parts of every split sum to the whole", () => {
  test.for(metrics)("%s, whole numbers: exactly", async (metric) => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.boolean(), async ([a, b], apart) => {
        const found = attribution(a, b, { metric, ...(apart && { matched: false }) });
        for (const whole of wholes(found)) expect(whole).toBe(found.value);
        const { weights, units } = found;
        if (weights) expect(weights.left + weights.right + weights.down).toBe(sum(units));
        const d = difference(a, b);
        const { value } = await innerProduct(d, d, { metric });
        expect(Math.abs(found.value - value)).toBeLessThanOrEqual(1e-12 * (1 + value) * 100);
      }),
      { numRuns: 60 },
    );
  });

  test.for(metrics)("%s, a small change of a large network: to 1e-10 of it", (metric) => {
    const sizes = { dIn: 12, dHidden: 9, dOut: 5 };
    const a = randomBilinear({ ...sizes, seed: 1 });
    const noise = randomBilinear({ ...sizes, seed: 2 });
    for (const size of [1, 1e-3, 1e-6]) {
      const found = attribution(a, mixed(a, noise, size), { metric });
      for (const whole of wholes(found)) {
        expect(Math.abs(whole - found.value)).toBeLessThan(1e-10 * found.value);
      }
      // Of the order of the squared change, which ‖a‖² − 2⟨a, b⟩ + ‖b‖² would round away.
      expect(found.value / size ** 2).toBeGreaterThan(0.1);
      expect(found.value / size ** 2).toBeLessThan(100);
    }
  });
});

/** a + size · noise, weight by weight. */
function mixed(a: Network, noise: Network, size: number): Network {
  const [x, y] = [a, noise].map(({ layers }) => layers[0] as BilinearLayer);
  const plus = (name: "left" | "right" | "down"): Matrix =>
    matrix(
      ...x![name].shape,
      x![name].data.map((entry, at) => entry + size * y![name].data[at]!),
    );
  return {
    layers: [{ kind: "bilinear", left: plus("left"), right: plus("right"), down: plus("down") }],
  };
}

describe("by brute force on whole numbers", () => {
  test("slices and inputs are sums of squares of the interactions that differ", () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const d = difference(a, b);
        const { linear, constant } = standardForm(d);
        const [dOut, dIn] = linear.shape;
        const found = attribution(a, b);
        const padded = attribution(a, b, { metric: "padded" });
        const inputs = new Float64Array(dIn);
        const sloped = new Float64Array(dIn);
        for (let o = 0; o < dOut; o++) {
          const form = interactionMatrix(d, o).data;
          expect(found.slices[o]).toBe(sum(form.map((entry) => entry * entry)));
          for (const [at, entry] of form.entries()) inputs[Math.floor(at / dIn)]! += entry * entry;
          for (let i = 0; i < dIn; i++) sloped[i]! += linear.data[o * dIn + i]! ** 2 / 2;
        }
        expect(found.inputs).toEqual(inputs);
        expect(padded.inputs).toEqual(inputs.map((entry, i) => entry + sloped[i]!));
        expect(padded.terms.linear).toBe(sum(sloped));
        expect(padded.terms.constant).toBe(sum(constant.map((entry) => entry * entry)));
        expect(found.terms).toEqual({ constant: 0, linear: 0, quadratic: sum(inputs) });
      }),
    );
  });

  test("the Gaussian constant is the squared distance of the mean outputs", () => {
    // E[x₀²] = 1 and E[x₀ x₁] = 0; their difference has mean 1 and 2‖Q‖² = 2 (1 + ½).
    const found = attribution(monomial(0, 0), monomial(0, 1), { metric: "gaussian" });
    expect(found.terms).toEqual({ constant: 1, linear: 0, quadratic: 3 });
    expect(found.norms).toEqual([Math.sqrt(3), 1]);
    expect(found.inputs).toEqual(Float64Array.of(2.5, 0.5));
  });
});

describe("a planted change is ranked first", () => {
  const sizes = { dIn: 8, dHidden: 6, dOut: 5 };
  const base = randomBilinear({ ...sizes, seed: 3 });
  const layer = base.layers[0] as BilinearLayer;
  function planted(name: "left" | "right" | "down", touched: (at: number) => boolean): Network {
    const { shape, data } = layer[name];
    const changed = matrix(
      ...shape,
      data.map((entry, at) => (touched(at) ? entry + 0.01 : entry)),
    );
    return { layers: [{ ...layer, [name]: changed }] };
  }

  test.for(metrics)("%s: an output, and no other has a part", (metric) => {
    const b = planted("down", (at) => Math.floor(at / 6) === 2);
    const { slices, weights, value } = attribution(base, b, { metric });
    expect(ranked(slices)[0]).toBe(2);
    expect(slices.filter((part) => part !== 0).length).toBe(1);
    expect(weights).toEqual({ left: 0, right: 0, down: expect.closeTo(value, 12) });
  });

  test.for(metrics)("%s: a hidden unit, and no other has a part", (metric) => {
    const b = planted("right", (at) => Math.floor(at / 8) === 4);
    const { units, weights } = attribution(base, b, { metric });
    expect(ranked(units)[0]).toBe(4);
    expect(units.filter((part) => part !== 0).length).toBe(1);
    expect(weights).toMatchObject({ left: 0, down: 0 });
  });

  test.for(metrics)("%s: an input", (metric) => {
    const b = planted("left", (at) => at % 8 === 7);
    const { inputs, value } = attribution(base, b, { metric });
    expect(ranked(inputs)[0]).toBe(7);
    expect(inputs[7]).toBeGreaterThan(0.5 * value - 1e-12);
  });

  test("a direction of the inputs", () => {
    // Everything that reads along (1, …, 1) reads more of it.
    const b = planted("left", () => true);
    const found = attribution(base, b);
    const { shares, vectors } = principalDirections(found);
    expect(sum(shares)).toBeCloseTo(found.value, 12);
    const along = vectors.data.subarray(0, 8);
    expect(Math.abs(sum(along)) / Math.sqrt(8)).toBeGreaterThan(0.8);
    const row = matrix(1, 8, along);
    const form = product(product(row, found.inputForm), transpose(row));
    expect(form.data[0]).toBeCloseTo(shares[0]!, 12);
  });

  test("a bias is in no hidden unit", () => {
    const b: Network = { layers: [{ ...layer, downBias: Float64Array.of(0, 0, 0, 3, 0) }] };
    const found = attribution(b, base, { metric: "gaussian" });
    expect(found.slices).toEqual(Float64Array.of(0, 0, 0, 9, 0));
    expect(found.terms).toEqual({ constant: 9, linear: 0, quadratic: 0 });
    expect([found.remainder, sum(found.units)]).toEqual([9, 0]);
  });
});

test("normalised, the whole is 2 (1 − cosine), and a network and its double are the same", async () => {
  const [a, b] = [1, 2].map((seed) => randomBilinear({ dIn: 5, dHidden: 4, dOut: 3, seed }));
  for (const metric of metrics) {
    const { value } = attribution(a!, b!, { metric, normalise: true });
    expect(value).toBeCloseTo(2 * (1 - (await similarity(a!, b!, { metric })).value), 12);
  }
  const layer = a!.layers[0] as BilinearLayer;
  const double: Network = { layers: [{ ...layer, gain: 2 }] };
  expect(attribution(a!, double, { normalise: true }).value).toBeLessThan(1e-30);
  expect(attribution(a!, double).value).toBeGreaterThan(0.1);
});

test("slices, terms and inputs do not see how hidden units are written; units apart say so", () => {
  const a = randomBilinear({ dIn: 4, dHidden: 3, dOut: 2, seed: 5 });
  const b = permuteHidden(a, [2, 0, 1]);
  const found = attribution(a, b);
  expect(found.value).toBeLessThan(1e-28);
  expect(Math.abs(sum(found.units))).toBeLessThan(1e-14);
  const apart = attribution(a, b, { matched: false });
  expect(apart.units.length).toBe(6);
  expect(apart).not.toHaveProperty("weights");
  const more = randomBilinear({ dIn: 4, dHidden: 2, dOut: 2, seed: 6 });
  expect(attribution(a, more).units.length).toBe(5);
});

test("equal parts keep their order", () => {
  expect(ranked([1, -3, 3, 0])).toEqual([1, 2, 0, 3]);
});

test("what does not fit is named", () => {
  const a = randomBilinear({ dIn: 2, dHidden: 3, dOut: 2 });
  const of = (sizes: object) => randomBilinear({ dIn: 2, dHidden: 3, dOut: 2, ...sizes });
  expect(() => attribution(a, of({ dIn: 3 }))).toThrow(
    "Cannot attribute a difference: expected 2 inputs as a has, found 3 of b",
  );
  expect(() => attribution(a, of({ dOut: 1 }))).toThrow(
    "Cannot attribute a difference: expected 2 outputs as a has, found 1 of b",
  );
  expect(() => attribution(a, of({ dHidden: 1 }), { matched: true })).toThrow(
    "Cannot match hidden units: expected as many in b as in a, found 3 in a and 1 in b",
  );
  expect(() => attribution(a, a, { metric: "frobenius" as "padded" })).toThrow(
    'Cannot attribute a difference by metric "frobenius": expected symmetric, padded or gaussian',
  );
  const zero: Network = { layers: [{ ...(a.layers[0] as BilinearLayer), gain: 0 }] };
  expect(() => attribution(a, zero, { normalise: true })).toThrow(
    "Cannot normalise b: expected a norm above 0, found 0",
  );
});
