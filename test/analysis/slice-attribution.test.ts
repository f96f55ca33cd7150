import { describe, expect, test } from "vitest";
import { attribution, ranked, sliceAttribution } from "../../src/analysis/index.ts";
import { type BilinearLayer, type Network, randomBilinear } from "../../src/model/index.ts";
import { distance, type Metric } from "../../src/similarity/index.ts";
import { type Matrix, matrix } from "../../src/tensor/index.ts";
import { layer } from "../support/networks.ts";
import { expectAllClose, expectClose } from "../support/vectors.ts";

function bilinear(dIn: number, dOut: number, seed: number): BilinearLayer {
  return randomBilinear({ dIn, dHidden: 5, dOut, seed }).layers[0] as BilinearLayer;
}

/** Layers of a kind on a wire of 4, and a head of 3 outputs. */
function headed(kind: "bilinear" | "attention", seed: number): Network {
  const { left, right } = randomBilinear({ dIn: 4, dHidden: 4, dOut: 4, seed })
    .layers[0] as BilinearLayer;
  const first: Network["layers"][number] =
    kind === "bilinear"
      ? bilinear(4, 4, seed)
      : {
          kind: "attention",
          heads: 2,
          query1: left,
          key1: right,
          query2: right,
          key2: left,
          value: left,
          output: right,
          residual: 1,
        };
  const head = bilinear(4, 3, seed + 1).down;
  const weight = matrix(3, 4, head.data.slice(0, 12));
  return { layers: [first, bilinear(4, 4, seed + 2), { kind: "linear", weight }], nContext: 2 };
}

const cases: ["bilinear" | "attention", Metric][] = [
  ["bilinear", "recursion"],
  ["bilinear", "closure"],
  ["attention", "closure"],
];

describe.for(cases)("layers of %s, by %s", ([kind, metric]) => {
  const [a, b] = [headed(kind, 1), headed(kind, 7)];
  test("the parts sum to the whole, which is the squared distance", async () => {
    const found = await sliceAttribution(a, b, { metric });
    const sum = found.slices.reduce((total, part) => total + part, 0);
    expect(Math.abs(sum - found.value)).toBeLessThan(1e-10 * found.value);
    const apart = await distance(a, b, { metric });
    expectClose(found.value, apart.value ** 2);
    expectAllClose(found.norms, apart.norms);
    expect(found).toMatchObject({ metric, exact: apart.exact });
  });

  test.for([0, 1, 2])("a change planted in output %d has all of it", async (output) => {
    const head = a.layers[2]!;
    if (head.kind !== "linear") throw new TypeError("The last layer is the head");
    const weight: Matrix = matrix(
      3,
      4,
      head.weight.data.map((entry, at) => (Math.floor(at / 4) === output ? entry + 0.1 : entry)),
    );
    const layers = [a.layers[0]!, a.layers[1]!, { ...head, weight }];
    const { slices, value } = await sliceAttribution(a, { ...a, layers }, { metric });
    expect(ranked(slices)[0]).toBe(output);
    expect(value).toBeGreaterThan(0);
    expectClose(slices[output]!, value);
  });
});

test("of one layer they are those of the attribution", async () => {
  const [a, b] = [1, 2].map((seed): Network => ({ layers: [bilinear(4, 3, seed)] }));
  const found = await sliceAttribution(a!, b!);
  expectAllClose(found.slices, attribution(a!, b!).slices);
});

test("what is beyond float64 is named", async () => {
  const huge: Network = { layers: [layer([1, 1, 1], [1e200], [1e200], [1])] };
  await expect(sliceAttribution(huge, huge)).rejects.toThrow(
    "Cannot attribute a difference: expected inner products in the range of float64, found one beyond it",
  );
});
