import { describe, expect, test } from "vitest";
import { type BilinearLayer, type Network, randomBilinear } from "../../src/model/index.ts";
import { type Metric, similarity, weightCosine } from "../../src/similarity/index.ts";
import {
  addNullPair,
  permuteHidden,
  perturb,
  randomMask,
  randomPermutation,
  randomScales,
  rescaleHidden,
  scramble,
  splitSquares,
  swapSides,
} from "../../src/symmetry/index.ts";
import { matrix } from "../../src/tensor/index.ts";

const sizes = { dIn: 6, dHidden: 9, dOut: 5 };
const one = randomBilinear({ ...sizes, seed: 11 });
const other = randomBilinear({ ...sizes, seed: 12 });
const noise = (length: number, seed: number) =>
  randomBilinear({ dIn: length, dHidden: 1, dOut: 1, seed }).layers[0] as BilinearLayer;

/** Biases on every side and a head, so that nothing is left untouched. */
function biased(network: Network, seed: number): Network {
  const [body] = network.layers as [BilinearLayer];
  return {
    layers: [
      {
        ...body,
        leftBias: noise(9, seed).left.data,
        rightBias: noise(9, seed + 1).left.data,
        downBias: noise(5, seed + 2).left.data,
      },
      { kind: "linear", weight: matrix(3, 5, noise(15, seed + 3).left.data) },
    ],
  };
}

function stack(seed: number): Network {
  const [first] = randomBilinear({ dIn: 6, dHidden: 9, dOut: 4, seed }).layers;
  const [second] = randomBilinear({ dIn: 4, dHidden: 7, dOut: 4, seed: seed + 1 }).layers;
  return { layers: [first!, { ...(second as BilinearLayer), residual: 0.5, gain: 0.5 }] };
}

const changes: Record<string, { change: (network: Network) => Network; width: number }> = {
  permuteHidden: { change: (network) => permuteHidden(network, randomPermutation(9, 1)), width: 9 },
  rescaleHidden: { change: (network) => rescaleHidden(network, randomScales(9, 2)), width: 9 },
  "sign flips": { change: (network) => rescaleHidden(network, randomScales(9, 3, 0)), width: 9 },
  swapSides: { change: (network) => swapSides(network, randomMask(9, 4)), width: 9 },
  addNullPair: {
    change: (network) => {
      const dOut = (network.layers[0] as BilinearLayer).down.shape[0];
      return addNullPair(network, {
        left: noise(6, 5).left.data,
        right: noise(6, 6).left.data,
        down: noise(dOut, 7).left.data,
        leftBias: 0.5,
      });
    },
    width: 11,
  },
  splitSquares: { change: (network) => splitSquares(network), width: 18 },
};

const metrics: { metric: Metric; a: Network; b: Network; exceptions: readonly string[] }[] = [
  { metric: "symmetric", a: biased(one, 20), b: biased(other, 30), exceptions: [] },
  { metric: "padded", a: biased(one, 20), b: biased(other, 30), exceptions: [] },
  { metric: "gaussian", a: biased(one, 20), b: biased(other, 30), exceptions: [] },
  { metric: "recursion", a: stack(40), b: stack(50), exceptions: [] },
  {
    metric: "frobenius",
    a: one,
    b: other,
    exceptions: ["swapSides", "addNullPair", "splitSquares"],
  },
  {
    metric: "frobenius recursion",
    a: stack(40),
    b: stack(50),
    exceptions: ["swapSides", "addNullPair", "splitSquares"],
  },
];

describe.for(metrics)("$metric", ({ metric, a, b, exceptions }) => {
  const options = { metric };
  test.for(Object.entries(changes))("under %s", async ([name, { change, width }]) => {
    const changed = change(a);
    expect((changed.layers[0] as BilinearLayer).left.shape[0]).toBe(width);
    expect(changed).not.toEqual(a);
    const before = (await similarity(a, b, options)).value;
    const after = (await similarity(changed, b, options)).value;
    const same = (await similarity(a, changed, options)).value;
    if (exceptions.includes(name)) {
      expect(Math.abs(same - 1)).toBeGreaterThan(0.01);
      return;
    }
    expect(Math.abs(same - 1)).toBeLessThan(1e-12);
    expect(Math.abs(after - before)).toBeLessThan(1e-12);
  });
});

test("recursion is the same for a stack with every layer scrambled", async () => {
  const { value } = await similarity(stack(40), scramble(stack(40), 9));
  expect(Math.abs(value - 1)).toBeLessThan(1e-12);
});

test("weight cosine changes under permutation, rescaling, flips and swaps", async () => {
  for (const name of ["permuteHidden", "rescaleHidden", "sign flips", "swapSides"]) {
    const { value } = await weightCosine(one, changes[name]!.change(one));
    expect(Math.abs(value - 1)).toBeGreaterThan(0.05);
  }
});

test("similarity falls from 1 the further a network is perturbed", async () => {
  const values: number[] = [];
  for (const amount of [0, 0.05, 0.2, 0.8]) {
    values.push((await similarity(one, perturb(one, amount, 3))).value);
  }
  expect(values[0]).toBeCloseTo(1, 14);
  expect(values[1]).toBeLessThan(0.9999);
  expect([...values].sort((x, y) => y - x)).toEqual(values);
});
