import { expect, test } from "vitest";
import { checkNetwork, randomBilinear } from "../../src/model/index.ts";

test("randomBilinear({dIn, dHidden, dOut, seed}) has these sizes and only these weights", () => {
  const network = randomBilinear({ dIn: 3, dHidden: 5, dOut: 2, seed: 1 });
  expect(checkNetwork(network)).toMatchObject({ dIn: 3, dOut: 2, nonlinear: 1 });
  expect(Object.keys(network.layers[0]!)).toEqual(["kind", "left", "right", "down"]);
});

test("randomBilinear({seed}) is a function of the seed", () => {
  const sizes = { dIn: 3, dHidden: 5, dOut: 2 };
  expect(randomBilinear({ ...sizes, seed: 7 })).toEqual(randomBilinear({ ...sizes, seed: 7 }));
  expect(randomBilinear({ ...sizes, seed: 7 })).not.toEqual(randomBilinear({ ...sizes, seed: 8 }));
  expect(randomBilinear(sizes)).toEqual(randomBilinear({ ...sizes, seed: 0 }));
});

test("randomBilinear draws left and right of variance 1/dIn, down of variance 1/dHidden", () => {
  const [layer] = randomBilinear({ dIn: 100, dHidden: 100, dOut: 100, seed: 3 }).layers;
  if (layer?.kind !== "bilinear") throw new Error("no bilinear layer");
  for (const { data } of [layer.left, layer.right, layer.down]) {
    let square = 0;
    for (const entry of data) square += entry * entry;
    // The mean of 10,000 squares of variance 1/100: 100 ± 1.4 (one standard deviation) in sum.
    expect(Math.abs(square - 100)).toBeLessThan(7);
  }
});

test.for([
  {
    sizes: { dIn: 0, dHidden: 1, dOut: 1 },
    fault: "dIn to be a whole number of at least 1, found 0",
  },
  {
    sizes: { dIn: 1, dHidden: 1.5, dOut: 1 },
    fault: "dHidden to be a whole number of at least 1, found 1.5",
  },
  {
    sizes: { dIn: 1, dHidden: 1, dOut: -1 },
    fault: "dOut to be a whole number of at least 1, found -1",
  },
])("randomBilinear throws: $fault", ({ sizes, fault }) => {
  expect(() => randomBilinear(sizes)).toThrow(`Cannot make a bilinear layer: expected ${fault}`);
});
